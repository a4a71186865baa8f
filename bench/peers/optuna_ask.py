"""Searches by Optuna, one after another: reads a JSON object a line, answers with a JSON line.

{"sampler", "seed", "parameters"} begins a search and is answered with the version; {"ask": true} with a point;
{"tell": NUMBER, "value": V} with null, each as {"answer"}, or {"error"}. Parameters are as Atelier has them, each after those that its condition looks at.
"""

import json
import sys
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

samplers = {
    "random": lambda seed, conditional: optuna.samplers.RandomSampler(seed=seed),
    "tpe": lambda seed, conditional: optuna.samplers.TPESampler(seed=seed, group=conditional),
    "gp": lambda seed, conditional: optuna.samplers.GPSampler(seed=seed),
}


def passes(test, value):
    if value is None:
        return False
    if "oneOf" in test:
        return value in test["oneOf"]
    return test.get("atLeast", value) <= value <= test.get("atMost", value)


def suggest(trial, name, domain):
    if domain["kind"] == "oneOf":
        return trial.suggest_categorical(name, domain["values"])
    low, high, log = domain["low"], domain["high"], domain["log"]
    if domain["kind"] == "integers":
        return trial.suggest_int(name, low, high, step=domain["step"], log=log)
    return trial.suggest_float(name, low, high, step=domain.get("step"), log=log)


def ask():
    trial = study.ask()
    point = {}
    for name, domain in parameters.items():
        if all(passes(test, point.get(other)) for other, test in domain.get("when", {}).items()):
            point[name] = suggest(trial, name, domain)
    return point


def answer(message):
    global parameters, study
    if "sampler" in message:
        parameters = message["parameters"]
        conditional = any("when" in domain for domain in parameters.values())
        study = optuna.create_study(sampler=samplers[message["sampler"]](message["seed"], conditional))
        return optuna.__version__
    if "ask" in message:
        return ask()
    study.tell(message["tell"], message["value"])


for line in sys.stdin:
    try:
        print(json.dumps({"answer": answer(json.loads(line))}), flush=True)
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)

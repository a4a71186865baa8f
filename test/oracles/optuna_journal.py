"""What Optuna makes of journals: those of `atelier tune`, and one that it writes itself.

    python3 -m venv /tmp/optuna && /tmp/optuna/bin/pip install optuna==5.0.0
    /tmp/optuna/bin/python test/oracles/optuna_journal.py

Reads `optuna/ours.log` (written by our own writer: `ATELIER_WRITE_ORACLE=1 npx vitest run src/tuning/journal`) and writes
`optuna/ours.json`; writes `optuna/theirs.log` with every operation that a study can cause, and `optuna/theirs.json`.
"""

import json
import pathlib
import sys

import optuna
from optuna.distributions import distribution_to_json
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

HERE = pathlib.Path(__file__).parent / "optuna"


def told(path):
    """All studies of a journal as Optuna reads them."""
    storage = JournalStorage(JournalFileBackend(str(path)))
    return [
        {
            "name": study.study_name,
            "directions": [d.name for d in study.directions],
            "user_attrs": study.user_attrs,
            "system_attrs": study.system_attrs,
            "trials": [
                {
                    "number": trial.number,
                    "state": trial.state.name,
                    "values": trial.values,
                    "params": trial.params,
                    "distributions": {k: json.loads(distribution_to_json(v)) for k, v in trial.distributions.items()},
                    "user_attrs": trial.user_attrs,
                    "system_attrs": trial.system_attrs,
                    "intermediate_values": {str(k): v for k, v in sorted(trial.intermediate_values.items())},
                    "has_start": trial.datetime_start is not None,
                    "has_end": trial.datetime_complete is not None,
                }
                for trial in storage.get_all_trials(study._study_id)
            ],
        }
        for study in storage.get_all_studies()
    ]


def write_theirs(path):
    """A study of Optuna's own in which everything happens."""
    path.unlink(missing_ok=True)
    storage = JournalStorage(JournalFileBackend(str(path)))
    gone = optuna.create_study(storage=storage, study_name="gone")
    optuna.delete_study(study_name="gone", storage=storage)
    study = optuna.create_study(storage=storage, study_name="theirs", direction="maximize")
    study.set_user_attr("atelier", {"seed": 1})
    study.set_metric_names(["val_acc"])
    study.enqueue_trial({"kind": "adam", "isWide": True, "depth": 1, "width": 8, "rate": 0.01, "dropout": 0.1})

    def objective(trial):
        trial.suggest_categorical("kind", ["sgd", "adam"])
        trial.suggest_categorical("isWide", [True, False])
        depth = trial.suggest_int("depth", 1, 6, step=2)
        trial.suggest_int("width", 8, 512, log=True)
        trial.suggest_float("rate", 1e-4, 1e-1, log=True)
        trial.suggest_float("dropout", 0, 0.55, step=0.1)
        if depth >= 3:
            trial.suggest_categorical("second", [8, 16])
        trial.set_user_attr("note", f"trial {trial.number}")
        for step in (1, 2, 3):
            trial.report(0.1 * step + 0.01 * trial.number, step)
        if trial.number == 2:
            raise optuna.TrialPruned()
        if trial.number == 3:
            raise ValueError("no")
        return 0.5 + 0.01 * trial.number

    study.sampler = optuna.samplers.RandomSampler(seed=1)
    study.optimize(objective, n_trials=5, catch=(ValueError,))
    study.enqueue_trial({"kind": "sgd"})
    running = study.ask()
    running.suggest_categorical("kind", ["sgd", "adam"])


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    write_theirs(HERE / "theirs.log")
    for name in ("ours", "theirs"):
        copy = HERE / f"{name}.copy"
        copy.write_bytes((HERE / f"{name}.log").read_bytes())
        answer = {"optuna": optuna.__version__, "studies": told(copy)}
        (HERE / f"{name}.json").write_text(json.dumps(answer, indent=1) + "\n")
        copy.unlink()
    print(optuna.__version__, sys.version.split()[0], [s.name for s in TrialState])

"""Calibration by scikit-learn, SciPy and NumPy: the oracle of src/evaluation/{reliability,temperature,abstaining}.ts.

Run with SciPy 1.10, scikit-learn 1.2 (Debian 12):
    python3 test/oracles/calibration.py > test/oracles/calibration.json
"""
import json

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, log_loss

rng = np.random.default_rng(1)
CLASSES = 4


def network(count, certainty):
    """Probabilities of a network that is right about as often as softmax(z) says, and says softmax(certainty * z)."""
    z = rng.normal(size=(count, CLASSES)) * 1.5
    truth = np.array([rng.choice(CLASSES, p=p) for p in softmax(z, axis=1)])
    said = np.round(softmax(certainty * z, axis=1), 7)
    said[np.arange(count), said.argmax(axis=1)] += 1 - said.sum(axis=1)
    return np.maximum(said, 1e-7), truth


def described(count, certainty):
    p, truth = network(count, certainty)
    loss = lambda t: log_loss(truth, softmax(np.log(p) / t, axis=1), labels=range(CLASSES))
    best = minimize_scalar(lambda log_t: loss(np.exp(log_t)), bracket=(-1, 1), tol=1e-14)
    temperature = float(np.exp(best.x))
    soft = softmax(np.log(p) / temperature, axis=1)
    confidence, hits = soft.max(axis=1), soft.argmax(axis=1) == truth
    accuracy, mean = calibration_curve(hits, confidence, n_bins=15, strategy="uniform")
    held = np.histogram(confidence, bins=np.linspace(0, 1, 16))[0]
    held = held[held > 0]
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, count + 1)
    right = np.cumsum(hits[order])
    risk = 1 - right / answered
    allowed = risk[-1] / 2
    most = int(answered[risk <= allowed].max())
    return {
        "probabilities": p.round(7).tolist(), "truth": truth.tolist(),
        "temperature": temperature, "loss": {"before": loss(1), "after": loss(temperature)},
        "accuracy": accuracy_score(truth, p.argmax(axis=1)),
        "bins": [{"count": int(n), "confidence": float(c), "accuracy": float(a)} for n, c, a in zip(held, mean, accuracy)],
        "error": float((held * np.abs(mean - accuracy)).sum() / count),
        "half": {"answered": most, "right": int(right[most - 1]),
                 "between": [float(confidence[order][most]), float(confidence[order][most - 1])]},
    }


print(json.dumps({"overconfident": described(160, 3), "timid": described(160, 0.5)}, separators=(",", ":")))

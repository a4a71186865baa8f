"""Optuna's Parzen estimator over whole points: the oracle of src/tuning/samplers/parzen.ts.

Run with Optuna 5.0.0:
    python3 test/oracles/parzen.py > test/oracles/parzen.json

Densities are by the unit of each parameter's own scale, as ours are: Optuna's are by the parameter (or its logarithm).
"""
import json
import math
import sys

import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters

space = {
    "rate": FloatDistribution(1e-4, 1, log=True),
    "drop": FloatDistribution(0, 0.5),
    "step": FloatDistribution(0, 1, step=0.25),
    "depth": IntDistribution(1, 4),
    "width": IntDistribution(16, 512, log=True),
    "kind": CategoricalDistribution(["a", "b", "c"]),
}
kinds = ["a", "b", "c"]
points = [
    {"rate": 0.01, "drop": 0.1, "step": 0.25, "depth": 2, "width": 64, "kind": "a"},
    {"rate": 0.02, "drop": 0.3, "step": 0.25, "depth": 2, "width": 512, "kind": "b"},
    {"rate": 0.0005, "drop": 0.05, "step": 1.0, "depth": 4, "width": 17, "kind": "a"},
    {"rate": 1.0, "drop": 0.5, "step": 0.0, "depth": 1, "width": 100, "kind": "c"},
]
weights = [0.25, 0.5, 1.0, 1.0]
at = points[:2] + [
    {"rate": 0.003, "drop": 0.2, "step": 0.5, "depth": 3, "width": 200, "kind": "b"},
    {"rate": 0.9, "drop": 0.0, "step": 1.0, "depth": 1, "width": 16, "kind": "c"},
]
inner = lambda rows: {name: np.array([kinds.index(r[name]) if name == "kind" else r[name] for r in rows], dtype=float) for name in space}
parameters = _ParzenEstimatorParameters(
    prior_weight=1.0, consider_magic_clip=True, consider_endpoints=False, weights=lambda n: np.array(weights[:n]), multivariate=True
)
unit = math.log(math.log(1 / 1e-4)) + math.log(0.5)  # of rate and drop; the others have probabilities


def densities(count):
    estimator = _ParzenEstimator(inner(points[:count]), space, parameters)
    return (estimator.log_pdf(inner(at)) + unit).tolist()


out = {"points": points, "weights": weights, "at": at, "logs": {str(n): densities(n) for n in (1, 2, 4)}}
json.dump(out, sys.stdout, indent=1)
print()

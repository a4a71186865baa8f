"""Confident learning on a small noisy set, in NumPy alone: the oracle of src/evaluation/confident-learning.test.ts.

Written from the paper (Northcutt, Jiang, Chuang: Confident Learning, JAIR 2021, equations 1 to 4 and section 4), with
vectors and masks in place of loops; cleanlab is not in Debian.
Run with Debian's python3-numpy:  python3 test/oracles/confident_learning.py > test/oracles/confident_learning.json
"""
import json

import numpy as np

rng = np.random.default_rng(7)
N, M = 120, 4
truth = rng.integers(0, M, N)
given = np.where(rng.random(N) < 0.15, (truth + rng.integers(1, M, N)) % M, truth)
logits = rng.normal(0, 1.1, (N, M))
logits[np.arange(N), truth] += 2.5
p = np.exp(logits)
p /= p.sum(1, keepdims=True)
p = np.round(p, 6)

# Equation 2: thresholds are the mean self-confidences.
t = np.array([p[given == j, j].mean() for j in range(M)])
# Equation 1: an example is counted in [given, j] where j is the likeliest of the classes above their thresholds.
masked = np.where(p >= t, p, -np.inf)
counted = (p >= t).any(1)
confident = np.zeros((M, M))
np.add.at(confident, (given[counted], masked.argmax(1)[counted]), 1)
# Equation 3: rows are calibrated to the counts of the given labels.
sizes = np.bincount(given, minlength=M)
joint = confident / confident.sum(1, keepdims=True) * sizes[:, None]
# Prune by class: as many of each class as the joint counts off the diagonal, those of the least self-confidence.
own = p[np.arange(N), given]
others = np.where(np.eye(M, dtype=bool)[given], -np.inf, p)
pruned = []
for i in range(M):
    floor = np.floor(joint[i]).astype(int)
    for j in np.argsort(-(joint[i] - floor), kind="stable")[: sizes[i] - floor.sum()]:
        floor[j] += 1
    members = np.flatnonzero(given == i)
    least = members[np.argsort(own[members], kind="stable")[: sizes[i] - floor[i]]]
    pruned += [int(k) for k in least if others[k].max() > own[k]]
ranked = sorted(pruned, key=lambda k: (own[k], k))
print(json.dumps({
    "classes": M, "labels": given.tolist(), "probabilities": p.ravel().tolist(), "thresholds": t.tolist(),
    "joint": joint.tolist(), "suspects": ranked, "likely": [int(others[k].argmax()) for k in ranked],
}, separators=(",", ":")))

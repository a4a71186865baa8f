"""Tests and intervals by SciPy, statsmodels and scikit-learn: the oracle of src/base/statistics and src/evaluation/significance.

Run with SciPy 1.17, statsmodels 0.15, scikit-learn 1.9:
    python3 test/oracles/statistics.py > test/oracles/statistics.json
"""
import json
import sys

import numpy as np
from scipy import stats
from sklearn.metrics import accuracy_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(1)
interval = lambda found: [float(found.low), float(found.high)]

student = [
    {"t": t, "degrees": d, "cdf": float(stats.t.cdf(t, d)), "tails": float(2 * stats.t.sf(abs(t), d))}
    for t in (-6.5, -1, 0, 0.3, 2.1, 14, 300)
    for d in (1, 2, 3.7, 9, 30, 1000)
]
quantiles = [
    {"tails": p, "degrees": d, "t": float(stats.t.isf(p / 2, d))}
    for p in (0.5, 0.1, 0.05, 0.01, 1e-6)
    for d in (1, 2, 2.9, 4, 30, 200)
]
normal = [{"z": z, "cdf": float(stats.norm.cdf(z))} for z in (-30, -8, -3, -0.5, 0, 1.2, 5)]
signs = [
    {"k": k, "n": n, "exact": float(stats.binomtest(k, n).pvalue),
     "midP": float(1 - stats.binom.pmf(k, n, 0.5) / 2 if 2 * k == n
                   else 2 * stats.binom.cdf(min(k, n - k), n, 0.5) - stats.binom.pmf(k, n, 0.5))}
    for k, n in ((0, 1), (1, 8), (4, 8), (6, 22), (3, 40), (50, 100), (412, 900), (460, 900), (4800, 10000), (9000, 20000))
]
shares = [
    {"hits": k, "count": n, "interval": interval(stats.binomtest(k, n).proportion_ci(0.95, "wilson"))}
    for k, n in ((0, 10), (10, 10), (81, 263), (9128, 10000), (1, 3))
]


def means(a, b):
    paired = stats.ttest_rel(a, b) if len(a) == len(b) else None
    welch = stats.ttest_ind(a, b, equal_var=False)
    describe = lambda found: {"pValue": float(found.pvalue), "degrees": float(found.df), "interval": interval(found.confidence_interval(0.95))}
    mean = stats.ttest_1samp(a, 0).confidence_interval(0.95)
    return {"a": a, "b": b, "mean": interval(mean), "paired": paired and describe(paired), "welch": describe(welch)}


samples = [
    means([0.8812, 0.8794, 0.8846], [0.8901, 0.8877, 0.8932]),
    means([0.8812, 0.8794, 0.8846], [0.8801, 0.8877, 0.8832]),
    means([0.91, 0.93], [0.87, 0.95]),
    means([1, 2, 3, 4], [7, 8, 9, 10.5]),
    means([0.9, 0.91, 0.905, 0.912, 0.899], [0.88, 0.89, 0.884]),
]
tables = [
    {"p": p, "holm": [float(x) for x in multipletests(p, method="holm")[1]]}
    for p in ([0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.9, 1], [0.001, 0.011, 0.02, 0.04, 0.05, 0.3],
              [round(float(x), 6) for x in rng.beta(0.3, 2, 20)])
]

# Three classifiers of 400 images and ten classes, by a formula that the test repeats.
def words(salt):
    return [(((i + 1) * 2654435761 ^ salt * 2246822519) * 3266489917) % 2**32 / 2**32 for i in range(400)]


labels = [int(10 * w) for w in words(1)]
said = [[label if hard * 0.6 + own * 0.4 < bound else (label + 1) % 10 for label, hard, own in zip(labels, words(2), words(salt))]
        for salt, bound in ((3, 0.80), (4, 0.78), (5, 0.66))]
pairs = []
for a, b in ((0, 1), (0, 2), (1, 2)):
    right = [np.array(said[i]) == np.array(labels) for i in (a, b)]
    table = [[int(sum(right[0] & right[1])), int(sum(right[0] & ~right[1]))],
             [int(sum(~right[0] & right[1])), int(sum(~right[0] & ~right[1]))]]
    only_a, only_b = table[0][1], table[1][0]
    # The sign test with half the weight on ties is the mid-p: statsmodels has the exact one.
    pairs.append({"a": a, "b": b, "table": table, "exact": float(mcnemar(table, exact=True).pvalue),
                  "chiSquared": float(mcnemar(table, exact=False, correction=False).pvalue),
                  "midP": float(mcnemar(table, exact=True).pvalue - stats.binom.pmf(min(only_a, only_b), only_a + only_b, 0.5))})
classifiers = {"accuracies": [float(accuracy_score(labels, s)) for s in said], "pairs": pairs,
               "holm": [float(x) for x in multipletests([p["midP"] for p in pairs], method="holm")[1]]}

json.dump({"student": student, "quantiles": quantiles, "normal": normal, "signs": signs, "shares": shares,
           "samples": samples, "tables": tables, "classifiers": classifiers}, sys.stdout, indent=1)
print()

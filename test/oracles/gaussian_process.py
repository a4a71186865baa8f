"""Expected improvement and a small Gaussian process in 50 digits: the oracle of src/base/statistics/improvement.ts and of
src/tuning/samplers/gp.

Run with mpmath 1.3 (any will do):
    python3 test/oracles/gaussian_process.py > test/oracles/gaussian_process.json
"""
import json
import sys

from mpmath import cholesky_solve, det, diff, erfc, exp, log, matrix, mp, mpf, npdf, sqrt

mp.dps = 50


def ncdf(z):
    return erfc(-z / sqrt(mpf(2))) / 2


def improvement(z):
    return npdf(z) + z * ncdf(z)


def row(z):
    with mp.workdps(50 if abs(z) < 100 else 400):
        z = mpf(z)
        # beyond all digits of erfc the first terms of its asymptotic series
        if z < -1000:
            t = -z
            h = 1 / t**2 - 3 / t**4 + 15 / t**6
            ratio = 1 / t - 1 / t**3 + 3 / t**5
            logh = -t * t / 2 - log(sqrt(2 * mp.pi)) + log(h)
            below = {"log": float(-t * t / 2 - log(sqrt(2 * mp.pi)) + log(ratio)), "slope": float(1 / ratio)}
            return {"z": float(z), "log": float(logh), "slope": float(ratio / h), "spread": float(1 / h), "below": below}
        h = improvement(z)
        below = {"log": float(log(ncdf(z))), "slope": float(npdf(z) / ncdf(z))}
        return {"z": float(z), "log": float(log(h)), "slope": float(ncdf(z) / h), "spread": float(npdf(z) / h), "below": below}


zs = [-1e6, -3e4, -300, -60, -38, -20, -12, -8, -6, -5.001, -5, -4.999, -4, -3, -2, -1, -0.5, 0, 0.3, 1, 2.5, 6, 9, 40, 1000]

# Two numbers and a choice; the places and values are written down, so that both sides have the same.
places = [[0.1, 0.2, 0], [0.9, 0.4, 1], [0.5, 0.5, 0], [0.3, 0.8, 2], [0.7, 0.1, 1], [0.2, 0.9, -1], [0.6, 0.6, 0]]
values = [0.3, -1.2, 0.4, 1.5, -0.6, 0.9, -1.3]
kernel = [3.0, 0.7, 0.4, 1.6, 0.02]  # 1 / length² of each, scale, noise
LEAST_NOISE = mpf("1e-6")
at = [[0.15, 0.3, 0], [0.8, 0.45, 1], [0.5, 0.5, 2], [1, 0, 0]]


def matern(a, b, nearness):
    s = sum(w * ((mpf(x) - mpf(y)) ** 2 if d < 2 else mpf(x != y)) for d, (x, y, w) in enumerate(zip(a, b, nearness)))
    r = sqrt(5 * s)
    return (1 + r + 5 * s / 3) * exp(-r)


def covariance(nearness, scale, noise):
    return matrix([[scale * matern(a, b, nearness) + (noise if i == j else 0) for j, b in enumerate(places)] for i, a in enumerate(places)])


def log_posterior(*raw):
    *nearness, scale = [exp(r) for r in raw[:-1]]
    noise = LEAST_NOISE + exp(raw[-1])
    k = covariance(nearness, scale, noise)
    y = matrix(values)
    likelihood = -(y.T * cholesky_solve(k, y))[0] / 2 - log(det(k)) / 2
    prior = sum(-(mpf("0.1") / w + mpf("0.1") * w) for w in nearness)
    prior += log(scale) - scale + mpf("0.1") * log(noise) - 30 * noise
    return likelihood + prior


raw = [log(mpf(w)) for w in kernel[:-1]] + [log(mpf(kernel[-1]) - LEAST_NOISE)]
gradient = [diff(log_posterior, raw, tuple(int(i == j) for j in range(5))) for i in range(5)]

k = covariance([mpf(w) for w in kernel[:3]], mpf(kernel[3]), mpf(kernel[4]))
alpha = cholesky_solve(k, matrix(values))
expected = [sum(mpf(kernel[3]) * matern(p, q, kernel[:3]) * alpha[j] for j, q in enumerate(places)) for p in places]


def log_improvement(place):
    c = matrix([mpf(kernel[3]) * matern(place, q, kernel[:3]) for q in places])
    sigma = sqrt(mpf(kernel[3]) - (c.T * cholesky_solve(k, c))[0])
    return log(sigma * improvement((min(expected) - (c.T * alpha)[0]) / sigma))


def slopes(place):
    return [float(diff(lambda x: log_improvement([x if i == d else mpf(v) for i, v in enumerate(place)]), mpf(place[d]))) for d in (0, 1)]


out = {
    "improvement": [row(z) for z in zs],
    "process": {
        "places": places,
        "values": values,
        "kernel": kernel,
        "logPosterior": float(log_posterior(*raw)),
        "gradient": [float(g) for g in gradient],
        "expected": [float(e) for e in expected],
        "at": at,
        "logImprovement": [float(log_improvement(p)) for p in at],
        "slopes": [slopes(p) for p in at[:3]],
    },
}
json.dump(out, sys.stdout, indent=1)
print()

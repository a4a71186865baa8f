"""Principal components by scikit-learn's exact solver: the oracle of src/evaluation/map/map.test.ts.

Run with Debian's python3-sklearn:  python3 test/oracles/pca.py > test/oracles/pca.json
The points come from a formula that the test repeats, so that only results are stored.
"""
import json

import numpy as np
import sklearn
from sklearn.decomposition import PCA


def noise(count, salt):
    """count numbers in [-1/2, 1/2), float32: a multiplicative hash of their positions."""
    words = [(((i + 1) * 2654435761 ^ salt * 2246822519) * 3266489917) & 0xFFFFFFFF for i in range(count)]
    return np.float32([w / 2**32 - 0.5 for w in words]).astype(np.float64)


cases = []
for salt, (count, dimensions) in enumerate([(40, 6), (60, 200)]):
    # Columns of unequal spread, and a mean that is not at the origin.
    points = noise(count * dimensions, salt).reshape(count, dimensions) * (1 + np.arange(dimensions) % 7) + 3
    pca = PCA(n_components=3, svd_solver="full")
    scores = pca.fit_transform(points)
    scores = scores * np.sign(scores[np.abs(scores).argmax(0), range(3)])  # the largest by magnitude is positive
    cases.append(
        {
            "count": count,
            "dimensions": dimensions,
            "explained": pca.explained_variance_ratio_.tolist(),
            "scores": scores.flatten().tolist(),
        }
    )
print(json.dumps({"sklearn": sklearn.__version__, "cases": cases}))

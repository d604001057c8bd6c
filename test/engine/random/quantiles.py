"""Distribution functions of the random ops at a few places each, from SciPy.

    python3 test/engine/random/quantiles.py

writes quantiles.json beside this file: for each call, places and the share of
the numbers that lie at or below them.
"""

import json
import pathlib

import numpy as np
from scipy import stats

shares = np.array([0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999])
calls = [
    ("randomUniform", [-2, 3], stats.uniform(-2, 5)),
    ("randomNormal", [1, 2], stats.norm(1, 2)),
    ("truncatedNormal", [1, 2], stats.truncnorm(-2, 2, 1, 2)),
    ("exponential", [2.5], stats.expon(scale=0.4)),
    ("randomLaplace", [1, 2], stats.laplace(1, 2)),
    ("randomGumbel", [1, 2], stats.gumbel_r(1, 2)),
    ("randomCauchy", [1, 2], stats.cauchy(1, 2)),
    ("randomLogNormal", [0.5, 0.7], stats.lognorm(0.7, scale=np.exp(0.5))),
    ("randomStudentT", [3], stats.t(3)),
    ("randomStudentT", [0.8], stats.t(0.8)),
    ("randomGamma", [0.3, 2], stats.gamma(0.3, scale=0.5)),
    ("randomGamma", [1, 1], stats.gamma(1)),
    ("randomGamma", [7.5, 0.5], stats.gamma(7.5, scale=2)),
    ("randomBeta", [0.5, 2], stats.beta(0.5, 2)),
    ("randomBeta", [3, 4], stats.beta(3, 4)),
]
made = [
    {"op": op, "parameters": parameters, "at": d.ppf(shares).tolist(), "below": shares.tolist()}
    for op, parameters, d in calls
]
for rate in (0.3, 4, 9.5, 12, 200):
    d = stats.poisson(rate)
    at = np.unique(d.ppf(shares))
    made.append({"op": "poisson", "parameters": [rate], "at": at.tolist(), "below": d.cdf(at).tolist()})
lines = ",\n".join(json.dumps(entry) for entry in made)
pathlib.Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")

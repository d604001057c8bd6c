"""Known numbers of what puts elements in order.

    python3 test/engine/known/sorting.py

writes sorting.json beside this file.
"""

import numpy as np
import torch

from kit import case, inf, nan, normal, save

x = normal(3, 4)
case("sort", lambda x: torch.sort(x).values, x=x)
case("sort", lambda x: torch.sort(x, 0, descending=True).values, 0, True, x=x)
ties = np.array([1.0, nan, -inf, 0.0, 1.0, inf, nan, -1.0])
case("sort", lambda x: np.sort(x.numpy()), x=ties, grad=False)
case("sort", lambda x: torch.sort(x, descending=True).values, -1, True, x=ties, grad=False)
case("sort", lambda x: np.sort(x.numpy(), 1), 1, x=np.array([[[2], [-(2**62)]], [[-1], [2**62]]]), grad=False)
wide = normal(4, 3, 2)
case("argSort", lambda x: np.argsort(x.numpy(), 1, kind="stable").astype("int32"), 1, x=wide, grad=False)
case(
    "argSort",
    lambda x: torch.sort(x, dim=0, descending=True, stable=True).indices.int(),
    0,
    True,
    x=np.array([[1.0, 2.0], [1.0, nan], [nan, 2.0], [3.0, -inf]]),
    grad=False,
)
case("topk", lambda x: (lambda r: [r.values, r.indices.int()])(x.topk(2, 1)), 2, True, 1, x=wide)

save(__file__)

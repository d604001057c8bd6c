"""Known numbers of scans, statistics, norms and segments.

    python3 test/engine/known/statistics.py

writes statistics.json beside this file.
"""

import numpy as np
import torch

from kit import case, inf, nan, normal, positive, random, save

cube = normal(2, 3, 4)


def backwards(f, x, dim):
    return f(x.flip(dim), dim).flip(dim)


def without(f, x, dim, start):
    """Each element left out of its own."""
    shape = list(x.shape)
    shape[dim] = 1
    return torch.cat([torch.full(shape, start), f(x, dim).narrow(dim, 0, x.shape[dim] - 1)], dim)


# Scans.
for name, f, start in [("cumsum", torch.cumsum, 0.0), ("cumprod", torch.cumprod, 1.0)]:
    case(name, lambda x: f(x, 0), x=cube)
    case(name, lambda x: without(f, x, 1, start), 1, True, x=cube)
    case(name, lambda x: backwards(f, x, 2), -1, False, True, x=cube)
    case(name, lambda x: without(f, x.flip(1), 1, start).flip(1), 1, True, True, x=cube)
zeros = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 3.0, 4.0], [2.0, 0.0, 3.0, 0.0], [0.0, 0.0, 3.0, 1.0]])
case("cumprod", lambda x: torch.cumprod(x, 1), 1, x=zeros)
case("cumprod", lambda x: without(torch.cumprod, x, 1, 1.0), 1, True, x=zeros)
for name, f in {"cummax": torch.cummax, "cummin": torch.cummin}.items():
    case(name, lambda x: (lambda r: [r.values, r.indices.int()])(f(x, 1)), 1, x=cube)
    tied = np.array([[1.0, 3.0, 3.0, 2.0, 3.0], [2.0, 1.0, 1.0, nan, 9.0]])
    case(name, lambda x: (lambda r: [r.values, r.indices.int()])(f(x, 1)), 1, x=tied, grad=False)
case("cumLogSumExp", lambda x: torch.logcumsumexp(x, 1), 1, x=cube)
case("cumLogSumExp", lambda x: torch.logcumsumexp(x, 0), x=np.array([-1000.0, 0.0, 1000.0, 1000.0, -inf]), grad=False)
for dtype in ("int32", "int64"):
    case("cumsum", lambda x: torch.cumsum(x, 0, dtype=x.dtype), x=np.array([3, -1, 2**31 - 5, 9], dtype=dtype), grad=False)
case("cumsum", lambda x: np.cumsum(x.numpy(), dtype="int32"), x=np.array([True, True, False, True]), grad=False)


def recurrence(a, b):
    out = [b[0]]
    for i in range(1, len(b)):
        out.append(a[i] * out[-1] + b[i])
    return torch.stack(out)


case("linearScan", recurrence, a=normal(4, 2), b=normal(4, 2))
case("linearScan", lambda a, b: recurrence(a.flip(0), b.flip(0)).flip(0), 0, True, a=normal(4), b=normal(4))

# Spread.
case("variance", lambda x: x.var(unbiased=False), x=cube)
case("variance", lambda x: x.var((0, 2), unbiased=True), [0, 2], False, 1, x=cube)
case("std", lambda x: x.std(1, unbiased=False, keepdim=True), 1, True, x=cube)
case("std", lambda x: x.std(0, unbiased=True), 0, False, 1, x=np.array([[1.0, 2.0], [1.0, 4.0]]))
case("moments", lambda x: [x.mean((0, 1)), x.var((0, 1), unbiased=False)], [0, 1], x=cube)
case("nanSum", lambda x: x.nansum(1), 1, x=np.array([[1.0, nan], [nan, nan]]))
case("nanMean", lambda x: x.nanmean(1), 1, x=np.array([[1.0, nan, 2.0], [nan, 5.0, 1.0]]))
case("countNonzero", lambda x: torch.count_nonzero(x, 1).int(), 1, x=np.array([[0.0, 1.0, nan], [0.0, -0.0, 2.0]]), grad=False)

# Order.
case("median", lambda x: np.median(x.numpy()), x=cube, grad=False)
case("median", lambda x: x.quantile(0.5, 1), 1, x=cube)
case("median", lambda x: np.median(x.numpy(), axis=1), 1, x=np.array([[1.0, inf], [-inf, 2.0], [inf, inf], [inf, -inf]]), grad=False)
case("median", lambda x: np.median(x.numpy(), axis=1), 1, x=np.array([[1.0, nan, 2.0], [3.0, 5.0, inf]]), grad=False)
for how in ("linear", "lower", "higher", "midpoint", "nearest"):
    case("quantile", lambda x: x.quantile(torch.tensor([0.0, 0.3, 0.5, 0.77, 1.0]), 1, interpolation=how), [0, 0.3, 0.5, 0.77, 1], 1, False, how, x=normal(3, 6))
case("quantile", lambda x: x.flatten().quantile(0.2), 0.2, x=cube)
case("quantile", lambda x: np.quantile(x.numpy(), [0.1, 0.9], axis=(0, 2), keepdims=True), [0.1, 0.9], [0, 2], True, x=cube, grad=False)

# Norms.
case("norm", lambda x: torch.linalg.vector_norm(x), x=cube)
for order in (1, 2, 3, 0.5, -1):
    case("norm", lambda x: torch.linalg.vector_norm(x, order, 1), order, 1, x=cube)
for order, name in (("fro", "fro"), ("nuc", "nuc"), (1, 1), (-1, -1), (2, 2), (-2, -2)):
    case("norm", lambda x: torch.linalg.matrix_norm(x, order, (0, 2)), name, [0, 2], x=cube)
case("norm", lambda x: torch.linalg.vector_norm(x, 2, 1), 2, 1, x=np.array([[0.0, 0.0], [3.0, -4.0]]))
case("norm", lambda x: torch.linalg.vector_norm(x, 0, 1).detach(), 0, 1, x=np.array([[0.0, 0.0], [3.0, -4.0]]), grad=False)

# Counting.
numbers = np.array([0, 3, 3, 1, 7, 4], dtype="int32")
case("bincount", lambda x: np.bincount(x.numpy(), minlength=5)[:5].astype("int32"), 5, x=numbers, grad=False)
case("bincount", lambda x, w: torch.zeros(8).index_add(0, x.long(), w), 8, x=numbers, weights=normal(6))


def counted(x, bins, between=None):
    counts, edges = np.histogram(x.numpy(), bins, between)
    return [counts.astype("int32"), edges]


case("histogram", lambda x: counted(x, 10), x=cube, grad=False)
case("histogram", lambda x: counted(x, 4, (-1, 1)), 4, [-1, 1], x=cube, grad=False)
case("histogram", lambda x: counted(x, 3), 3, x=np.array([0.1, 0.2, 0.3, 0.4, 0.4]), grad=False)
case("histogram", lambda x: counted(x, 2), 2, x=np.array([2.0, 2.0]), grad=False)

# Segments.
ids = np.array([0, 2, 0, 1, 2], dtype="int32")
for name, reduce in {"Sum": "sum", "Mean": "mean", "Prod": "prod", "Max": "amax", "Min": "amin"}.items():
    case(
        f"unsortedSegment{name}",
        lambda x, i: torch.zeros(3, 2).scatter_reduce(0, i.long()[:, None].expand(5, 2), x, reduce, include_self=False),
        3,
        x=normal(5, 2), segmentIds=ids,
    )
case("unsortedSegmentSum", lambda x, i: np.array([4.0, 0.0, 2.0]), 3, x=np.array([1.0, 2.0, 3.0, 9.0]), segmentIds=np.array([0, 2, 0, -1], dtype="int32"), grad=False)
case("unsortedSegmentMax", lambda x, i: np.array([3.0, -inf, 2.0]), 3, x=np.array([1.0, 2.0, 3.0, 9.0]), segmentIds=np.array([0, 2, 0, 5], dtype="int32"), grad=False)

# Sorted ones, by hand: what TensorFlow says of gaps.
rising = np.array([0, 0, 1, 3, 3], dtype="int32")
for name, fold in {"Sum": torch.sum, "Mean": torch.mean, "Prod": torch.prod, "Max": torch.amax, "Min": torch.amin}.items():
    gap = torch.ones(1, 2) if name == "Prod" else torch.zeros(1, 2)
    case(
        f"segment{name}",
        lambda x, i: torch.cat([fold(x[0:2], 0)[None], fold(x[2:3], 0)[None], gap, fold(x[3:5], 0)[None]]),
        x=normal(5, 2), segmentIds=rising,
    )

save(__file__)

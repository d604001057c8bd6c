"""Known numbers of what is picked, written and looked for by position or by value. kit.py says how."""

from kit import case, inf, nan, normal, np, save, torch


def ints(values, dtype="int32"):
    return np.array(values, dtype=dtype)


x, cube = normal(3, 4), normal(2, 3, 4)

# Picked.
case("gatherND", lambda x, i: x[tuple(i.long().T)], x=x, indices=ints([[0, 1], [2, 3], [0, 1]]))
case("gatherND", lambda x, i: x[i[..., 0].long()], x=cube, indices=ints([[[1], [0]], [[1], [1]]], "int64"))
case("gatherND", lambda x, i: x[i[:, 0].long(), i[:, 1].long()], x=cube, indices=ints([[1, 2], [0, 0]]))
case("ravelIndex", lambda i: np.ravel_multi_index(i.numpy().T, (3, 4, 5)).astype("int32"), [3, 4, 5], grad=False,
     indices=ints([[0, 0, 0], [2, 3, 4], [1, 0, 2]]))
for axis in (0, 1, 2):
    wide = np.random.default_rng(axis).integers(0, cube.shape[axis], size=(2, 3, 4))
    case("takeAlongAxis", lambda x, i: torch.gather(x, axis, i.long()), axis, x=cube, indices=ints(wide))
    case("takeAlongAxis", lambda x, i: torch.take_along_dim(x, i.long(), axis), axis, x=cube, indices=ints(wide[:1, :1, :1]))

# Written.


def scatter(i, u):
    return torch.zeros(4, 3).index_put(tuple(i.long().T), u, accumulate=True)


case("scatterND", scatter, [4, 3], indices=ints([[0, 1], [3, 2], [0, 1]]), updates=normal(3))
case("scatterND", lambda i, u: torch.zeros(4, 3).index_add(0, i[:, 0].long(), u), [4, 3], indices=ints([[2], [0], [2]]), updates=normal(3, 3))


def update(t, i, u):
    return t.index_put(tuple(i.long().T), u)


case("tensorScatterUpdate", update, tensor=x, indices=ints([[0, 1], [2, 3]]), updates=normal(2))
case("tensorScatterUpdate", update, tensor=x, indices=ints([[2], [0]]), updates=normal(2, 4))
case("scatterUpdate", lambda x, i, u: x.index_copy(1, i.long(), u), 1, x=x, indices=ints([3, 0]), updates=normal(3, 2))
case("scatterUpdate", lambda x, i, u: x.index_copy(0, i[1:].long(), u[1:]), x=x, indices=ints([1, 1]), updates=normal(2, 4))
case("putAlongAxis", lambda x, i, v: x.scatter(0, i.long(), v), 0, x=x, indices=ints([[1, 2, 0, 1]]), values=normal(1, 4))
case("indexAdd", lambda x, i, s: x.index_add(1, i.long(), s), 1, x=x, indices=ints([1, 1, 3]), source=normal(3, 3))
case("lastOccurrence", lambda x: np.array([False, True, True, True]), grad=False, x=ints([4, 2, 4, 5]))

# Chosen.
some = np.array([[0.0, nan, -0.0], [2.0, 0.0, inf]])
case("nonzero", lambda x: np.argwhere(x.numpy()).astype("int32"), grad=False, x=some)
case("nonzero", lambda x: np.argwhere(x.numpy()).astype("int32"), grad=False, x=np.zeros((0, 2)))
case("booleanMask", lambda x, m: x[m], x=x, mask=np.array([True, False, True]))
case("booleanMask", lambda x, m: x[m], x=x, mask=np.arange(12).reshape(3, 4) % 3 == 0)
case("booleanMask", lambda x, m: x[:, m], 1, x=cube, mask=np.array([False, True, True]))


def first_unique(x):
    values, first, inverse, counts = np.unique(x.numpy(), return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(first)
    rank = np.argsort(order)
    return [values[order], rank[inverse].astype("int32"), counts[order].astype("int32")]


case("unique", first_unique, grad=False, x=np.array([3.0, nan, -1.0, 3.0, nan, inf, -1.0]))
case("unique", first_unique, grad=False, x=ints([7, 1, -8, 7], "int64"))
case("unique", lambda x: [x[:, [0, 1]], ints([0, 1, 0]), ints([2, 1])], 1, grad=False, x=np.array([[1.0, 2.0, 1.0], [5.0, 6.0, 5.0]]))

# Looked for.
sorted_ = np.array([-inf, -1.0, 0.0, 0.0, 2.5, 7.0, nan])
wanted = np.array([[nan, 0.0, -0.0], [inf, -inf, 2.6]])
for side in ("left", "right"):
    fn = lambda s, v: np.searchsorted(s.numpy(), v.numpy(), side=side).astype("int32")
    case("searchSorted", fn, side, grad=False, sortedSequence=sorted_, values=wanted)
    case("lowerBound" if side == "left" else "upperBound", fn, grad=False, sortedSequence=sorted_, values=wanted)
rows = np.sort(normal(3, 5))
case("searchSorted", lambda s, v: torch.searchsorted(s, v).int(), grad=False, sortedSequence=rows, values=normal(3, 4))
scores = np.array([[0.1, 0.6, 0.3], [0.5, 0.5, 0.2], [0.3, nan, 0.2], [1.0, 2.0, 3.0]])
# The rules of TensorFlow's documentation: ties are in, what is no number is not.
case("inTopK", lambda p, t: np.array([True, True, False, False]), grad=False, predictions=scores, targets=ints([1, 1, 0, 5]))
case("inTopK", lambda p, t: np.array([False, True, False, True]), 2, grad=False, predictions=scores, targets=ints([0, 0, 1, 1]))

case("argsort", lambda x: np.argsort(x.numpy(), 0, kind="stable").astype("int32"), 0, grad=False, x=np.array([[3.0, nan], [1.0, 2.0], [3.0, -inf]]))

save(__file__)

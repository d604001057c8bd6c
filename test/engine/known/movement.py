"""Known numbers of what moves, repeats and makes elements. kit.py says how."""

from kit import case, nan, normal, np, save, torch

F = torch.nn.functional
cube = normal(2, 3, 4)
square = normal(3, 4)

# Sections. PyTorch has no negative steps: flipped there.
case("stridedSlice", lambda x: x[:, 1::2, ::3], [0, 1, 0], [2, 3, 4], [1, 2, 3], x=cube)
case("stridedSlice", lambda x: x.flip(0, 1)[::2, 1:3], [2, 2], [-9, 0], [-2, -1], x=square)
case("stridedSlice", lambda x: x[..., 1].unsqueeze(0), [0, 0, 1], [0, 0, 0], [1, 1, 1], 0, 0, 2, 1, 4, x=normal(2, 3))
case("stridedSlice", lambda x: x[..., None, 2, :], [0, 0, 2, 0], [0, 0, 0, 0], [1, 1, 1, 1], 8, 8, 1, 2, 4, x=cube)
case("stridedSlice", lambda x: x[2:2], [2], [1], x=square)


def put(x, v):
    y = x.clone()
    y[1:, ::2] = v
    return y


case("stridedSliceUpdate", put, [1, 0], [3, 4], [1, 2], x=square, value=normal(2, 2))
case("stridedSliceUpdate", put, [1, 0], [3, 4], [1, 2], x=square, value=normal(2))


def spread(x):
    y = torch.zeros(4, 5)
    y[1::2, [3, 1]] = x
    return y


case("stridedSliceGrad", spread, [4, 5], [1, 3], [2, -2], x=normal(2, 2))
case("permute", lambda x: x.permute(2, 0, 1), [2, 0, 1], x=cube)

# Diagonals.
case("diagonal", torch.diagonal, x=square)
case("diagonal", lambda x: torch.diagonal(x, -1, 2, 0), -1, 2, 0, x=cube)
case("diagonal", lambda x: torch.diagonal(x, 2, 1, 2), 2, 1, 2, x=cube)
case("diagonal", lambda x: torch.diagonal(x, 7), 7, x=square)
case("diag", torch.diag, x=normal(3))
case("diag", lambda x: torch.diag(x.flatten()).reshape(2, 2, 2, 2), x=normal(2, 2))
case("diagPart", torch.diag, x=normal(3, 3))
case("diagPart", lambda x: torch.einsum("ijij->ij", x), x=normal(2, 3, 2, 3))
for k in (0, 1, -2, 9, -9):
    case("tril", lambda x: torch.tril(x, k), k, x=cube)
    case("triu", lambda x: torch.triu(x, k), k, x=cube)
case("tril", np.tril, x=np.array([[1, 2], [3, 2**60]], dtype="int64"), grad=False)
case("tril", lambda x: np.tril(x.numpy()), x=np.array([[nan, nan], [nan, 1.0]]), grad=False)
case("bandPart", lambda a: a.tril(1).triu(-1), 1, 1, a=cube)
case("bandPart", lambda a: a.triu(0), 0, -1, a=cube)

# Rearranged.
case("roll", lambda x: x.roll(2, 1), 2, 1, x=cube)
case("roll", lambda x: x.roll((-1, 5), (0, 2)), [-1, 5], [0, 2], x=cube)
case("roll", lambda x: x.roll((1, 1), (1, 1)), [1, 1], [1, 1], x=cube)
case("roll", lambda x: x.roll(-3), -3, x=square)
case("repeat", lambda x: x.repeat_interleave(2), 2, x=square)
case("repeat", lambda x: x.repeat_interleave(3, 1), 3, -2, x=cube)
case("repeat", lambda x: x.repeat_interleave(torch.tensor([2, 0, 1]), 0), [2, 0, 1], 0, x=square)



def gathered(mode):
    """NumPy pads the positions, PyTorch picks by them: so the gradient is PyTorch's."""

    def fn(x):
        places = np.pad(np.arange(x.numel()).reshape(x.shape), [(2, 1), (0, 3)], mode=mode)
        return x.flatten()[torch.tensor(places)]

    return fn


for mode in ("reflect", "symmetric", "edge", "wrap"):
    case("mirrorPad", gathered(mode), [[2, 1], [0, 3]], mode, x=square)
case("broadcastArgs", lambda a, b: np.array([4, 5, 3], dtype="int32"), grad=False,
     s0=np.array([5, 1], dtype="int32"), s1=np.array([4, 1, 3], dtype="int32"))


# Blocks: PyTorch's shuffle of pixels orders channels in another way.
def to_depth(x, b):
    n, h, w, c = x.shape
    return x.reshape(n, h // b, b, w // b, b, c).permute(0, 1, 3, 2, 4, 5).reshape(n, h // b, w // b, b * b * c)


def from_depth(x, b):
    n, h, w, c = x.shape
    return x.reshape(n, h, w, b, b, c // b**2).permute(0, 1, 3, 2, 4, 5).reshape(n, h * b, w * b, c // b**2)


case("spaceToDepth", lambda x: to_depth(x, 2), 2, x=normal(2, 4, 2, 3))
case("depthToSpace", lambda x: from_depth(x, 2), 2, x=normal(2, 1, 2, 8))
case("depthToSpace", lambda x: F.pixel_shuffle(x, 2), 2, "NCHW", x=normal(1, 4, 2, 3))
case("spaceToDepth", lambda x: F.pixel_unshuffle(x, 2), 2, "NCHW", x=normal(1, 1, 4, 2))
# The example of TensorFlow's documentation, and one with paddings.
case("spaceToBatchND", lambda x: x.reshape(4, 1, 1, 1), [2, 2], [[0, 0], [0, 0]], x=normal(1, 2, 2, 1))


def to_batch(x):
    wide = F.pad(x, (0, 0, 1, 0))
    return torch.cat([wide[:, 0::2], wide[:, 1::2]], 0)


def from_batch(x):
    a, b = x[:2], x[2:]
    return torch.stack([a, b], 2).reshape(2, 4, 3)[:, 1:]


case("spaceToBatchND", to_batch, [2], [[1, 0]], x=normal(2, 3, 3))
case("batchToSpaceND", from_batch, [2], [[1, 0]], x=normal(4, 2, 3))

# Made of nothing.
case("fill", lambda: np.full((2, 2), 7, dtype="float32"), [2, 2], 7, grad=False)
case("fullLike", lambda x: np.full_like(x, 7), 7, grad=False, x=np.zeros((2, 2), dtype="int32"))
case("range", lambda: np.arange(2**53, 2**53 + 4), 2**53, 2**53 + 4, 1, "int64", grad=False)
case("linspace", lambda: np.linspace(0, 1, 7), 0, 1, 7, "float64", grad=False)
case("linspace", lambda: np.linspace(0.1, 0.7, 4), 0.1, 0.7, 4, "float64", grad=False)
case("linspace", lambda: np.linspace(5, 5, 1), 5, 9, 1, "float64", grad=False)
case("logspace", lambda: np.logspace(0, 2, 5), 0, 2, 5, 10, "float64", grad=False)
case("logspace", lambda: np.logspace(-1, 1, 4, base=2).astype("float32"), -1, 1, 4, 2, grad=False)

save(__file__)

"""Known numbers of the first ops of the table.

    python3 test/engine/known/ops.py

writes ops.json beside this file.
"""

import numpy as np
import scipy.special
import torch
import torch.nn.functional as F

from kit import case, inf, nan, normal, positive, random, save

# Functions of one tensor, kinks and ends included.
kinks = np.array([-2.5, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.5])
for name, fn in {
    "neg": torch.neg,
    "abs": torch.abs,
    "square": torch.square,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "relu": torch.relu,
}.items():
    case(name, fn, x=normal(2, 3))
    case(name, fn, x=kinks)
for name, fn in {
    "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal,
    "log": torch.log,
    "log1p": torch.log1p,
}.items():
    case(name, fn, x=positive(2, 3))
    case(name, fn, x=np.array([0.0, 1e-300, 1.0, inf, -0.5, nan]), grad=False)
for name, fn in {"floor": np.floor, "ceil": np.ceil, "round": np.round, "sign": np.sign}.items():
    case(name, lambda x, fn=fn: fn(x.numpy()), x=np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, inf]), grad=False)
for name, fn in {"isNaN": np.isnan, "isFinite": np.isfinite, "isInf": np.isinf}.items():
    case(name, lambda x, fn=fn: fn(x.numpy()), x=np.array([0.0, nan, inf, -inf, 1.0]), grad=False)
case("sigmoid", torch.sigmoid, x=np.array([-800.0, -40.0, 40.0, 800.0]))
case("softplus", F.softplus, x=np.array([-800.0, -19.0, 800.0]), grad=False)
case("sigmoid", lambda x: scipy.special.expit(x.numpy()), x=np.array([-30.0, -3.0, 3.0]), grad=False)
case("clipByValue", lambda x: torch.clamp(x, -1, 1), -1, 1, x=kinks)
case("step", lambda x: np.heaviside(x.numpy(), 0.0), x=kinks, grad=False)

# Arithmetic: broadcasting, ties, zeros.
left, right = normal(2, 1, 3), positive(4, 1)
ties_x, ties_y = np.array([1.0, 2.0, 3.0, -0.0]), np.array([1.0, 3.0, 2.0, 0.0])
for name, fn in {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "squaredDifference": lambda x, y: (x - y) ** 2,
}.items():
    case(name, fn, x=left, y=right)
    if name != "div":
        case(name, fn, x=ties_x, y=ties_y)
case("pow", torch.pow, x=positive(2, 1, 3), y=normal(4, 1))
case("pow", torch.pow, x=np.array([0.0, 0.0, 2.0, -2.0]), y=np.array([0.0, 2.0, 0.0, 3.0]), grad=False)
case(
    "pow",
    lambda x, y: np.power(x.numpy(), y.numpy()),
    x=np.array([1.0, 1.0, -1.0, nan, 0.0, -2.0]),
    y=np.array([nan, inf, -inf, 0.0, -1.0, 0.5]),
    grad=False,
)
signs_x, signs_y = np.array([7.0, -7.0, 7.0, -7.0, 6.0]), np.array([3.0, 3.0, -3.0, -3.0, 2.5])
for dtype in ("float64", "int32", "int64"):
    pair = {"x": signs_x.astype(dtype), "y": signs_y.astype(dtype)}
    case("floorDiv", lambda x, y: np.floor_divide(x.numpy(), y.numpy()), grad=False, **pair)
    case("mod", lambda x, y: np.mod(x.numpy(), y.numpy()), grad=False, **pair)
big = np.array([2**62, -(2**40) - 1], dtype="int64")
case("mul", lambda x, y: x * y, x=big, y=np.array([2, 3], dtype="int64"), grad=False)
case("add", lambda x, y: x + y, x=np.array([2**31 - 1], dtype="int32"), y=np.array([1], dtype="int32"), grad=False)
case("add", lambda x, y: x + y, x=np.array([250, 3], dtype="uint8"), y=np.array([10, 4], dtype="uint8"), grad=False)

# Comparison and choice.
odd_x, odd_y = np.array([1.0, 2.0, nan, inf, -0.0]), np.array([1.0, 3.0, nan, inf, 0.0])
for name, fn in {
    "equal": np.equal,
    "notEqual": np.not_equal,
    "less": np.less,
    "lessEqual": np.less_equal,
    "greater": np.greater,
    "greaterEqual": np.greater_equal,
    "logicalAnd": np.logical_and,
    "logicalOr": np.logical_or,
    "logicalXor": np.logical_xor,
}.items():
    case(name, lambda x, y, fn=fn: fn(x.numpy(), y.numpy()), x=odd_x, y=odd_y, grad=False)
case("where", torch.where, condition=np.array([[True], [False]]), x=normal(2, 3), y=normal(3))

# Reductions.
cube = normal(2, 3, 4)
tied = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
case("sum", torch.sum, x=cube)
case("sum", lambda x: x.sum((0, 2)), [0, 2], x=cube)
case("mean", lambda x: x.mean(1, keepdim=True), -2, True, x=cube)
case("max", lambda x: x.amax((0, 2)), [0, 2], x=cube)
case("max", lambda x: x.amax(1), 1, x=tied)
case("min", lambda x: x.amin(1, keepdim=True), 1, True, x=tied)
case("prod", lambda x: x.prod(), x=np.array([1.5, -2.0, 3.0]))
case("prod", lambda x: x.prod(1), 1, x=np.array([[1.0, 2.0, 3.0], [0.0, 2.0, 3.0], [0.0, 0.0, 3.0]]))
case("logSumExp", lambda x: x.logsumexp(-1), -1, x=cube)
case("logSumExp", lambda x: x.logsumexp(1), 1, x=np.array([[1000.0, 1000.0], [-1000.0, -1001.0]]))
case("any", lambda x: np.any(x.numpy(), 1), 1, x=np.array([[0.0, 0.0], [0.0, nan]]), grad=False)
case("all", lambda x: np.all(x.numpy(), 1), 1, x=np.array([[1.0, 0.0], [2.0, nan]]), grad=False)
first = np.array([[1.0, 3.0, 3.0], [nan, 2.0, nan]])
case("argMax", lambda x: np.argmax(x.numpy(), 1).astype("int32"), 1, x=first, grad=False)
case("argMin", lambda x: np.argmin(x.numpy(), 1).astype("int32"), 1, x=first, grad=False)
case("sum", lambda x: np.sum(x.numpy(), dtype="int32"), x=np.array([True, False, True]), grad=False)

# Linear algebra.
case("matMul", torch.matmul, x=normal(2, 3), y=normal(3, 4))
case("matMul", lambda x, y: x.mT @ y.mT, True, True, x=normal(2, 3, 2), y=normal(4, 3))
case("matMul", torch.matmul, x=normal(2, 1, 2, 3), y=normal(5, 3, 2))
case("dot", torch.matmul, x=normal(3), y=normal(3))
case("dot", torch.matmul, x=normal(2, 3), y=normal(3))
case("biasAdd", torch.add, x=normal(2, 2, 3), bias=normal(3))

# Movement, joining, indexing.
case("reshape", lambda x: x.reshape(4, -1), [4, -1], x=cube)
case("transpose", lambda x: x.permute(2, 0, 1), [2, 0, 1], x=cube)
case("broadcastTo", lambda x: x.expand(2, 3, 4), [2, 3, 4], x=normal(3, 1))
case("slice", lambda x: x[1:2, :2, 1:], [1, 0, 1], [1, 2, -1], x=cube)
case("reverse", lambda x: x.flip(0, 2), [0, 2], x=cube)
case("tile", lambda x: x.repeat(2, 3), [2, 3], x=normal(2, 2))
case("pad", lambda x: F.pad(x, (0, 2, 1, 0), value=7.0), [[1, 0], [0, 2]], 7, x=normal(2, 2))
case("concat", lambda t: torch.cat(t, 1), 1, tensors=[normal(2, 1), normal(2, 3)])
case("stack", lambda t: torch.stack(t, -1), -1, tensors=[normal(2, 3), normal(2, 3)])
case("unstack", lambda x: torch.unbind(x, 1), 1, x=normal(2, 3))
case("split", lambda x: torch.split(x, [1, 2, 2], 1), [1, 2, 2], 1, x=normal(2, 5))
case("gather", lambda x, i: x.index_select(1, i.long()), 1, x=normal(2, 4), indices=np.array([3, 0, 3], dtype="int32"))
case(
    "gather",
    lambda x, i: torch.gather(x, 1, i.long()),
    1,
    1,
    x=normal(2, 4),
    indices=np.array([[3, 0], [1, 1]], dtype="int32"),
)
case("oneHot", lambda i: F.one_hot(i.long(), 3).int(), 3, indices=np.array([[0, 2], [1, 1]], dtype="int32"), grad=False)
case("topk", lambda x: (lambda r: [r.values, r.indices.int()])(x.topk(2)), 2, x=normal(3, 4))
case("argSort", lambda x: np.argsort(x.numpy(), kind="stable").astype("int32"), x=np.array([3.0, nan, 1.0, 3.0]), grad=False)

# Activation, norm, loss.
case("softmax", lambda x: x.softmax(-1), x=cube)
case("softmax", lambda x: x.softmax(1), 1, x=np.array([[1000.0, 999.0], [-1000.0, 0.0]]))
case("logSoftmax", lambda x: x.log_softmax(1), 1, x=cube)
case("layerNorm", lambda x, s, o: F.layer_norm(x, (4,), s, o), x=cube, scale=normal(4), offset=normal(4))
case("layerNorm", lambda x: F.layer_norm(x, (4,), eps=0.1), 0.1, x=cube)
labels = scipy.special.softmax(normal(4, 3), axis=1)
case("softmaxCrossEntropy", lambda l, x: F.cross_entropy(x, l), labels=labels, logits=normal(4, 3))
hard = np.eye(3)[[0, 2, 1, 2]]
case(
    "softmaxCrossEntropy",
    lambda l, x: F.cross_entropy(x, l, label_smoothing=0.1, reduction="sum"),
    0.1,
    "sum",
    labels=hard,
    logits=normal(4, 3),
)
case(
    "sparseSoftmaxCrossEntropy",
    lambda l, x: F.cross_entropy(x, l.long()),
    labels=np.array([0, 2, 1, 2], dtype="int32"),
    logits=normal(4, 3),
)
case(
    "sigmoidCrossEntropy",
    lambda l, x: F.binary_cross_entropy_with_logits(x, l),
    labels=random.uniform(size=(4, 2)),
    logits=normal(4, 2) * 20,
)
case(
    "sigmoidCrossEntropy",
    lambda l, x, w: F.binary_cross_entropy_with_logits(x, l, reduction="none") * w,
    0,
    "none",
    labels=random.uniform(size=(4,)),
    logits=normal(4),
    weights=positive(4),
)

# Creation.
case("range", lambda: np.arange(5, 0, -2, dtype="int32"), 5, 0, -2, "int32", grad=False)
case("linspace", lambda: np.linspace(-1, 2, 7, dtype="float32"), -1, 2, 7, grad=False)

# Convolution: channels last, as here, to and from PyTorch's channels first.
def images(x):
    return x.movedim(-1, 1)


def conv(x, f, **how):
    return F.conv2d(images(x), f.permute(3, 2, 0, 1), **how).movedim(1, -1)


case("conv2d", conv, x=normal(2, 5, 4, 3), filter=normal(3, 2, 3, 4))
case("conv2d", lambda x, f: conv(x, f, stride=(2, 1), padding=(1, 2)), [2, 1], [[1, 1], [2, 2]], x=normal(1, 5, 4, 2), filter=normal(3, 3, 2, 2))
case("conv2d", lambda x, f: conv(x, f, padding="same"), 1, "same", x=normal(1, 4, 5, 2), filter=normal(2, 4, 2, 3))
case(
    "conv2d",
    lambda x, f: F.conv2d(x, f.permute(3, 2, 0, 1), padding=1, dilation=2, groups=2),
    1, 1, "NCHW", 2, "floor", 2,
    x=normal(2, 4, 5, 6), filter=normal(3, 2, 2, 6),
)
case("conv1d", lambda x, f: F.conv1d(images(x), f.permute(2, 1, 0), stride=2, padding=1).movedim(1, -1), 2, 1, x=normal(2, 6, 3), filter=normal(3, 3, 2))
case("conv1d", lambda x, f: F.conv1d(x, f.permute(2, 1, 0), dilation=2, groups=2), 1, 0, "NCW", 2, "floor", 2, x=normal(2, 4, 6), filter=normal(2, 2, 4))
case(
    "conv2dTranspose",
    lambda x, f: F.conv_transpose2d(images(x), f.permute(3, 2, 0, 1), stride=2, padding=1, output_padding=1).movedim(1, -1),
    [1, 6, 8, 2], 2, 1,
    x=normal(1, 3, 4, 3), filter=normal(3, 3, 2, 3),
)
case(
    "conv2dTranspose",
    lambda x, f: F.conv_transpose2d(x, f.permute(3, 2, 0, 1), groups=2, dilation=2),
    [2, 4, 5, 6], 1, 0, "floor", "NCHW", 2, 2,
    x=normal(2, 2, 3, 4), filter=normal(2, 2, 2, 2),
)


def back_to_filter(x, g):
    f = torch.zeros(3, 3, 2, 3, requires_grad=True)
    y = conv(x, f, stride=2, padding=1)
    return torch.autograd.grad(y, f, g, create_graph=True)[0]


case("conv2dBackpropFilter", back_to_filter, [3, 3, 2, 3], 2, 1, x=normal(2, 5, 5, 2), g=normal(2, 3, 3, 3))


def depthwise(x, f, **how):
    kh, kw, c, m = f.shape
    return F.conv2d(images(x), f.permute(2, 3, 0, 1).reshape(c * m, 1, kh, kw), groups=c, **how).movedim(1, -1)


case("depthwiseConv2d", lambda x, f: depthwise(x, f, padding=1, stride=2), 2, 1, x=normal(2, 5, 4, 3), filter=normal(3, 3, 3, 2))

# Pooling.
picture = random.permutation(2 * 6 * 5 * 3).reshape(2, 6, 5, 3) / 10.0
case("maxPool", lambda x: F.max_pool2d(images(x), 2).movedim(1, -1), 2, x=picture)
case("maxPool", lambda x: F.max_pool2d(images(x), 3, stride=2, padding=1, ceil_mode=True).movedim(1, -1), 3, 2, 1, "ceil", x=picture)
case("maxPool", lambda x: F.max_pool2d(x, (2, 3), stride=1, dilation=2), [2, 3], 1, 0, "floor", "NCHW", 2, x=picture.transpose(0, 3, 1, 2).copy())
case("maxPool", lambda x: F.max_pool2d(x, 2, stride=1), 2, 1, 0, "floor", "NCHW", x=np.array([[[1.0, 1.0, nan], [1.0, 0.5, 2.0], [-inf, -inf, 2.0]]]))


def argmax(x):
    y, at = F.max_pool2d(images(x), 2, return_indices=True)
    channel = torch.arange(3).reshape(1, 3, 1, 1)
    return [y.movedim(1, -1), (at * 3 + channel).movedim(1, -1).int()]


case("maxPoolWithArgmax", argmax, 2, x=picture)
pads = dict(stride=2, padding=1, ceil_mode=True)
case("avgPool", lambda x: F.avg_pool2d(images(x), 2).movedim(1, -1), 2, x=picture)
case("avgPool", lambda x: F.avg_pool2d(images(x), 3, count_include_pad=False, **pads).movedim(1, -1), 3, 2, 1, "ceil", x=picture)
case("avgPool", lambda x: F.avg_pool2d(images(x), 3, count_include_pad=True, **pads).movedim(1, -1), 3, 2, 1, "ceil", "NHWC", True, x=picture)

# Activations.
for name, fn in {"silu": F.silu, "gelu": F.gelu, "erf": torch.erf}.items():
    case(name, fn, x=normal(2, 3))
    case(name, fn, x=kinks)
case("gelu", lambda x: F.gelu(x, approximate="tanh"), True, x=kinks)
case("erf", lambda x: scipy.special.erf(x.numpy()), x=np.array([-inf, -7.0, -1.6, -1.4, 1e-300, 0.9, 2.7, nan]), grad=False)
case("gelu", lambda x: x * scipy.special.ndtr(x.numpy()), x=np.array([-30.0, -9.0, -6.0, -2.2, 5.0]), grad=False)

# Attention; PyTorch 1.13 has none of its own, so that it is written out.
def attention(q, k, v, mask=None, scale=None):
    scores = q @ k.mT * (q.shape[-1] ** -0.5 if scale is None else scale)
    if mask is not None:
        scores = scores.masked_fill(~mask, -inf) if mask.dtype == torch.bool else scores + mask
    return scores.softmax(-1) @ v


case("scaledDotProductAttention", attention, query=normal(2, 3, 4), key=normal(2, 5, 4), value=normal(2, 5, 3))
case(
    "scaledDotProductAttention",
    lambda q, k, v: attention(q, k, v, torch.ones(3, 5, dtype=torch.bool).tril(), 0.7),
    0, True, 0.7,
    query=normal(2, 3, 4), key=normal(5, 4), value=normal(2, 5, 3),
)
case("scaledDotProductAttention", attention, query=normal(3, 4), key=normal(5, 4), value=normal(5, 3), mask=normal(3, 5))
case(
    "scaledDotProductAttention",
    attention,
    query=normal(2, 4), key=normal(3, 4), value=normal(3, 3), mask=np.array([[True, False, True], [False, True, True]]),
)


def grouped(q, k, v):
    return attention(q, k.repeat_interleave(2, 0), v.repeat_interleave(2, 0), torch.ones(3, 3, dtype=torch.bool).tril())


case("scaledDotProductAttention", grouped, 0, True, None, True, query=normal(4, 3, 2), key=normal(2, 3, 2), value=normal(2, 3, 5))


# Recurrent cells: PyTorch's weights on their side, its two biases apart, its gates r, z, n.
def lstm(x, h, c, k, r, b):
    return torch.lstm_cell(x, (h, c), k.T, r.T, b, torch.zeros_like(b))


case(
    "lstmCell",
    lstm,
    x=normal(2, 3), h=normal(2, 4), c=normal(2, 4), kernel=normal(3, 16), recurrentKernel=normal(4, 16), bias=normal(16),
)


def turned(w):
    z, r, n = w.chunk(3, -1)
    return torch.cat([r, z, n], -1).T


def gru(x, h, k, r, b, c):
    return torch.gru_cell(x, h, turned(k), turned(r), turned(b), turned(c))


case(
    "gruCell",
    gru,
    x=normal(2, 3), h=normal(2, 4), kernel=normal(3, 12), recurrentKernel=normal(4, 12), bias=normal(12), recurrentBias=normal(12),
)


def classic(x, h, k, r, b):
    az, ar, an = (x @ k + b).chunk(3, -1)
    rz, rr, rn = r.chunk(3, -1)
    z, r = torch.sigmoid(az + h @ rz), torch.sigmoid(ar + h @ rr)
    return z * h + (1 - z) * torch.tanh(an + (r * h) @ rn)


case("gruCell", classic, False, x=normal(2, 3), h=normal(2, 4), kernel=normal(3, 12), recurrentKernel=normal(4, 12), bias=normal(12))

# Norms.
given = dict(mean=normal(3), variance=positive(3), offset=normal(3), scale=normal(3))
case(
    "batchNorm",
    lambda x, m, v, o, s: F.batch_norm(images(x), m.detach(), v.detach(), s, o, eps=0.001).movedim(1, -1),
    grad=False,
    x=normal(2, 2, 4, 3), **given,
)
case("batchNorm", lambda x, m, v, o, s: (x - m) / torch.sqrt(v + 0.1) * s + o, 0.1, x=normal(2, 3), **given)


def batch_norm(x, s, o, eps=0.001):
    y = F.batch_norm(x, None, None, s, o, training=True, eps=eps)
    axes = [axis for axis in range(x.dim()) if axis != 1]
    return [y, x.mean(axes), x.var(axes, unbiased=False)]


def last(results):
    return [results[0].movedim(1, -1), *results[1:]]


case("fusedBatchNorm", lambda x, s, o: last(batch_norm(images(x), s, o)), x=normal(2, 2, 4, 3), scale=normal(3), offset=normal(3))
case("fusedBatchNorm", lambda x, s, o: batch_norm(x, s, o, 0.1), 0.1, "NCHW", x=normal(4, 3, 2), scale=normal(3), offset=normal(3))
case("groupNorm", lambda x, s, o: F.group_norm(images(x), 2, s, o).movedim(1, -1), 2, x=normal(2, 3, 2, 4), scale=normal(4), offset=normal(4))
case("groupNorm", lambda x: F.instance_norm(x), 4, 1e-5, "NCHW", x=normal(2, 4, 3))
case("rmsNorm", lambda x, s: x / torch.sqrt((x**2).mean(-1, keepdim=True) + 1e-5) * s, x=normal(2, 3), scale=normal(3))



# Steps of optimizers, by PyTorch's own.
def step_of(make, variable, gradient, **remembered):
    p = torch.nn.Parameter(variable.detach().clone())
    p.grad = gradient
    optimizer = make([p])
    optimizer.state[p] = dict(remembered)
    optimizer.step()
    state = optimizer.state[p]
    return [p.detach(), *(state[name] for name in remembered if name != "step")]


def momentum(nesterov):
    return lambda w, g, m: step_of(
        lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=nesterov), w, g, momentum_buffer=m.clone()
    )


def adam(count, **how):
    return lambda w, g, m, v: step_of(
        lambda p: torch.optim.Adam(p, **how),
        w, g, step=torch.tensor(count - 1.0), exp_avg=m.clone(), exp_avg_sq=v.clone(),
    )


moved = dict(variable=normal(2, 3), gradient=normal(2, 3))
case("sgdStep", lambda w, g: step_of(lambda p: torch.optim.SGD(p, 0.1), w, g), 0.1, grad=False, **moved)
case("momentumStep", momentum(False), 0.1, 0.9, grad=False, **moved, moving=normal(2, 3))
case("momentumStep", momentum(True), 0.1, 0.9, True, grad=False, **moved, moving=normal(2, 3))
means = dict(first=normal(2, 3), second=positive(2, 3))
case("adamStep", adam(1), 1, grad=False, **moved, **means)
case("adamStep", adam(7, lr=0.1, betas=(0.8, 0.99), eps=0.01), 7, 0.1, 0.8, 0.99, 0.01, grad=False, **moved, **means)

save(__file__)

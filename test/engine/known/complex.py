"""Known numbers of complex tensors: PyTorch's, with its gradients, and NumPy's at the edges.

    python3 test/engine/known/complex.py

writes complex.json beside this file.
"""

import numpy as np
import torch

from kit import case, inf, nan, normal, positive, save


def numbers(*shape):
    return normal(*shape) + 1j * normal(*shape)


def zeros_among():
    return np.array([1 + 2j, 0j, -1.5 + 0j, -2j])


for name, fn in {
    "neg": torch.neg,
    "abs": torch.abs,
    "square": torch.square,
    "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal,
    "exp": torch.exp,
    "expm1": lambda x: torch.exp(x) - 1,
    "log": torch.log,
    "log1p": lambda x: torch.log(1 + x),
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "tanh": torch.tanh,
    "conj": torch.conj,
    "real": torch.real,
    "imag": torch.imag,
    "angle": torch.angle,
    "sum": torch.sum,
    "mean": torch.mean,
}.items():
    case(name, fn, x=numbers(2, 3))
for name, fn in {"abs": torch.abs, "angle": torch.angle, "prod": torch.prod}.items():
    case(name, fn, x=zeros_among())
case("angle", torch.angle, x=np.array([-2.0, -0.0, 0.0, 3.0, nan]), grad=False)
case("prod", torch.prod, x=numbers(4))
case("prod", lambda x: x.prod(1), 1, x=numbers(2, 3))
for name, fn in {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "pow": torch.pow,
}.items():
    case(name, fn, x=numbers(2, 1, 3), y=numbers(4, 1))
    # A real number beside a complex one has a real gradient.
    case(name, fn, x=positive(3), y=numbers(3))
    case(name, fn, x=numbers(3), y=normal(3))
case("pow", torch.pow, x=numbers(4), y=np.array([0.0, 1.0, -3.0, 2.5]))
case("complex", torch.complex, real=normal(2, 3), imag=normal(2, 3))
case("matMul", torch.matmul, x=numbers(2, 3), y=numbers(3, 4))
case("matMul", torch.matmul, x=numbers(2, 1, 2, 3), y=numbers(5, 3, 2))
case("matMul", lambda x, y: x.T @ y.T, True, True, x=numbers(3, 2), y=numbers(4, 3))
case("matMul", lambda x, y: (x + 0j) @ y, x=normal(2, 3), y=numbers(3, 2))
case("dot", lambda x, y: (x * y).sum(), x=numbers(5), y=numbers(5))
case("where", torch.where, condition=np.array([True, False, True]), x=numbers(3), y=numbers(3))
case("gather", lambda x, i: x[i], x=numbers(4, 2), indices=np.array([1, 3, 1]))
case("concat", lambda tensors: torch.cat(tensors, 1), 1, tensors=[numbers(2, 2), numbers(2, 1)])

# Where numbers overflow, underflow or cancel: C99's and NumPy's.
edges = np.array([
    1e300 + 1e300j, 1e-300 - 1e-300j, 3e-320 + 4e-320j, -1e200 + 1e-200j, 1 + 1e-9j, 1e-12 - 1e-13j,
    complex(-4, -0.0), complex(-4, 0.0), -1 + 1e-170j, 0.6 + 0.8j,
])
for name, fn in {"abs": np.abs, "sqrt": np.sqrt, "log": np.log, "log1p": np.log1p}.items():
    case(name, lambda x, fn=fn: fn(x.numpy()), x=edges, grad=False)
small = np.array([1e-12 - 1e-13j, 1e-9 + 3j, 30 + 1j, -30 + 1j, 400.0 - 2j, -400 + 2j, 0.5 + 300j, 0.5 - 700j])
for name, fn in {
    "exp": np.exp, "expm1": np.expm1, "tanh": np.tanh, "tan": np.tan, "sin": np.sin, "cos": np.cos, "sinh": np.sinh, "cosh": np.cosh,
}.items():
    case(name, lambda x, fn=fn: fn(x.numpy()), x=small, grad=False)
with np.errstate(over="ignore"):
    far = np.array([complex(-inf, inf), complex(710, 1.5), complex(inf, 0), complex(-inf, 1)])
    case("exp", lambda x: np.exp(x.numpy()), x=far, grad=False)
over = np.array([1e300 + 1e300j, 1e-300 + 1e-300j, 1e200 - 1e-200j])
under = np.array([2e300 - 1e300j, 3e-300 + 1e-300j, 1e200 + 1e200j])
case("div", lambda x, y: x.numpy() / y.numpy(), x=over, y=under, grad=False)
strange = np.array([complex(nan, 0), complex(0, inf), complex(1, nan), complex(2, 3), 0j])
for name, fn in {"isNaN": np.isnan, "isInf": np.isinf, "isFinite": np.isfinite, "logicalNot": np.logical_not}.items():
    case(name, lambda x, fn=fn: fn(x.numpy()), x=strange, grad=False)
for name, fn in {"equal": np.equal, "notEqual": np.not_equal, "logicalAnd": np.logical_and}.items():
    case(name, lambda x, y, fn=fn: fn(x.numpy(), y.numpy()), x=strange, y=np.array([2 + 3j]), grad=False)
for name, fn in {"any": np.any, "all": np.all}.items():
    case(name, lambda x, fn=fn: fn(x.numpy(), 1), 1, x=np.array([[0j, 1j], [0j, 0j], [1, 2j]]), grad=False)

inverses = {
    "asin": (torch.asin, np.arcsin),
    "acos": (torch.acos, np.arccos),
    "atan": (torch.atan, np.arctan),
    "asinh": (torch.asinh, np.arcsinh),
    "acosh": (torch.acosh, np.arccosh),
    "atanh": (torch.atanh, np.arctanh),
}
for name, (fn, _) in {**inverses, "log2": (torch.log2, 0), "log10": (torch.log10, 0)}.items():
    case(name, fn, x=numbers(2, 3))
# On both sides of every cut, where squares overflow, where differences cancel, and beyond all numbers.
sides = np.array([complex(a, b) for a in (-2, -1, -0.5, 0, 0.5, 1, 2) for b in (0.0, -0.0)])
sides = np.concatenate([sides, np.array([complex(b, a) for a in (-2, -1, 0.5, 2) for b in (0.0, -0.0)])])
brink = np.array([1 + 1e-12j, 1 - 1e-300j, 1e300 - 1e300j, 1e-300 + 1e300j, -1e300 + 1j, 1e-9 + 1e-9j, 1 + 1e-12 + 1e-5j, 30 - 1e-10j])
ends = np.array([complex(a, b) for a in (inf, -inf, nan, 0.0, 1.0) for b in (inf, -inf, nan, 0.0, -2.0)])
with np.errstate(all="ignore"):
    for name, (_, fn) in inverses.items():
        case(name, lambda x, fn=fn: fn(x.numpy()), x=np.concatenate([sides, brink, ends]), grad=False)
    for name, fn in {"exp": np.exp, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "sqrt": np.sqrt, "log": np.log}.items():
        case(name, lambda x, fn=fn: fn(x.numpy()), x=ends, grad=False)
    for exponent in 2, 0.5:
        case("pow", lambda x, y: np.power(x.numpy(), y.numpy()), x=ends, y=np.array(exponent + 0j), grad=False)

save(__file__)

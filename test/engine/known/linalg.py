"""Known numbers of linear algebra.

    python3 test/engine/known/linalg.py

writes linalg.json beside this file. Signs of singular vectors and of
eigenvectors are free: here, as in the engine, the greatest element of each is
positive. What reads only one triangle of its input here reads the symmetric
part there.
"""

import numpy as np
import torch

from kit import case, nan, normal, positive, save

L = torch.linalg


def definite(*shape):
    a = normal(*shape)
    return a @ np.swapaxes(a, -1, -2) + np.eye(shape[-1])


def symmetric(x):
    return (x + x.mT) / 2


def greatest_positive(v):
    at = v.abs().argmax(-2, keepdim=True)
    return torch.where(v.gather(-2, at) < 0, -1.0, 1.0).detach()


def eigh(x):
    values, vectors = L.eigh(symmetric(x))
    return values, vectors * greatest_positive(vectors)


def svd(x, full=False):
    u, s, vh = L.svd(x, full_matrices=full)
    sign = greatest_positive(u)
    return s, u * sign, vh.mT * sign


def lu(x):
    p, l, u = L.lu(x)
    return l, u, p.argmax(-2).to(torch.int32)


rank_one = np.outer([1.0, 2.0, 3.0], [2.0, -1.0])
case("cholesky", lambda x: L.cholesky(symmetric(x)), x=definite(4, 4))
case("cholesky", lambda x: L.cholesky(symmetric(x)), x=definite(2, 3, 3))
for shape in (3, 3), (5, 3), (3, 5), (2, 4, 2):
    case("qr", lambda x: tuple(L.qr(x)), x=normal(*shape))
    case("lu", lu, x=normal(*shape))
    case("svd", svd, x=normal(*shape))
case("qr", lambda x: tuple(L.qr(x, "complete")), True, x=normal(2, 4))
case("qr", lambda x: tuple(L.qr(x, "complete")), True, x=normal(4, 2), grad=False)
case("eigh", eigh, x=normal(4, 4))
case("eigh", eigh, x=definite(2, 3, 3))
case("eigh", lambda x: (L.eigvalsh(x), torch.eye(3)), x=np.eye(3) * 2, grad=False)
values = lambda x: np.sort_complex(np.linalg.eigvals(x.numpy()))
case("eigvals", values, x=normal(6, 6), grad=False)
case("eigvals", values, x=normal(2, 3, 3), grad=False)
case("eigvals", values, x=np.array([[0.0, 1.0], [-1.0, 0.0]]), grad=False)
for shape in (3, 3), (2, 4, 2), (2, 3), (0, 2):
    case("pinv", L.pinv, x=normal(*shape), grad=0 not in shape)
case("pinv", lambda x: L.pinv(x, rtol=1e-10), x=rank_one, grad=False)
case("pinv", lambda x: L.pinv(x, rtol=0.9), 0.9, x=normal(3, 3), grad=False)
case("matrixRank", lambda x: L.matrix_rank(x).to(torch.int32), x=np.stack([normal(3, 2), rank_one]), grad=False)
case("inv", L.inv, x=normal(3, 3))
case("inv", L.inv, x=normal(2, 4, 4))
case("det", L.det, x=normal(4, 4))
case("det", L.det, x=normal(2, 3, 3))
# Singular, of rank n - 1 and of less: the gradient is the matrix of cofactors.
case("det", L.det, x=np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [5.0, 7.0, 9.0]]), grad=False)
case("slogdet", lambda x: tuple(L.slogdet(x)), x=normal(4, 4))
case("slogdet", lambda x: tuple(L.slogdet(x)), x=normal(2, 3, 3) * 1e-200)
case("slogdet", lambda x: tuple(L.slogdet(x)), x=np.ones((2, 2)), grad=False)
case("solve", L.solve, matrix=normal(3, 3), rhs=normal(3, 2))
case("solve", L.solve, matrix=normal(3, 3), rhs=normal(3))
case("solve", L.solve, matrix=normal(2, 1, 3, 3), rhs=normal(4, 3, 2))
case("solve", lambda a, b: L.solve(a.mT, b), True, matrix=normal(3, 3), rhs=normal(3, 2))
for lower in True, False:
    for adjoint in False, True:
        part = torch.tril if lower else torch.triu

        def substitute(t, b):
            t = part(t)
            return L.solve_triangular(t.mT if adjoint else t, b, upper=lower == adjoint)

        case("triangularSolve", substitute, lower, adjoint, matrix=positive(2, 3, 3), rhs=normal(3, 2))
case("choleskySolve", lambda a, b: torch.cholesky_solve(b, torch.tril(a)), chol=positive(3, 3), rhs=normal(3, 2))
case("lstsq", lambda a, b: L.lstsq(a, b).solution, matrix=normal(5, 2), rhs=normal(5, 3))
case("lstsq", lambda a, b: L.pinv(a) @ b, matrix=normal(2, 4), rhs=normal(2))
case("lstsq", lambda a, b: torch.tensor(np.linalg.lstsq(a, b, rcond=1e-10)[0]), matrix=rank_one, rhs=normal(3), grad=False)
case("trace", lambda x: x.diagonal(dim1=-2, dim2=-1).sum(-1), x=normal(2, 3, 4))
for power in 0, 1, 5, -3:
    case("matrixPower", lambda x: L.matrix_power(x, power), power, x=normal(2, 3, 3), grad=power != 0)
for scale in 1e-3, 1.0, 20.0:
    case("expm", torch.matrix_exp, x=normal(3, 3) * scale, grad=scale <= 1)
case("expm", torch.matrix_exp, x=normal(2, 2, 2))
case("expm", torch.matrix_exp, x=np.array([[0.0, 1e5], [0.0, 0.0]]), grad=False)


def numbers(*shape):
    return normal(*shape) + 1j * normal(*shape)


for shape in (3, 3), (2, 2, 2), (1, 1):
    case("inv", L.inv, x=numbers(*shape))
    case("det", L.det, x=numbers(*shape))
    case("slogdet", lambda x: tuple(L.slogdet(x)), x=numbers(*shape))
    case("solve", L.solve, matrix=numbers(*shape), rhs=numbers(*shape[:-1], 2))
case("solve", lambda a, b: L.solve(a.mH, b), True, matrix=numbers(3, 3), rhs=numbers(3, 2))
case("solve", lambda a, b: L.solve(a + 0j, b), matrix=normal(3, 3), rhs=numbers(3))
case("det", L.det, x=numbers(2, 2) * 1e150, grad=False)
case("slogdet", lambda x: tuple(L.slogdet(x)), x=np.array([[1, 2j], [2j, -4]]), grad=False)


def general(x):
    """PyTorch's eig in our order, with vectors whose greatest element is real and positive."""
    values, vectors = L.eig(x)
    rounded = np.round(values.detach().numpy(), 9)
    order = torch.tensor(np.lexsort((rounded.imag, rounded.real)))
    values, vectors = values[order], vectors[:, order]
    greatest = vectors.gather(0, vectors.detach().abs().argmax(0, keepdim=True))
    return values, vectors * greatest.abs() / greatest


for size in 1, 2, 3, 4:
    case("eigvals", lambda x: general(x)[0], x=normal(size, size))
    case("eig", general, x=normal(size, size))
case("eig", general, x=np.array([[0.0, 1, 0], [0, 0, 2], [3, 0, 0]]))
case("eig", general, x=np.diag([3.0, -1.0, 2.0]) + 1e-3 * np.triu(np.ones((3, 3)), 1))

save(__file__)

"""Known numbers of products that are summed over some axes.

    python3 test/engine/known/contraction.py

writes contraction.json beside this file.
"""

import numpy as np
import torch

from kit import case, normal, save

for equation, *shapes in (
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ba,cb", (2, 3), (4, 2)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    ("ij,jk,kl,lm,mi->", (2, 3), (3, 2), (2, 4), (4, 3), (3, 2)),
    ("i,j,k,l,m,i->jm", (2,), (3,), (2,), (1,), (2,), (2,)),
    ("ii->i", (3, 3)),
    ("ii", (3, 3)),
    ("iji->j", (2, 3, 2)),
    ("iijj->ij", (2, 2, 3, 3)),
    ("ijk->kij", (2, 3, 4)),
    ("ijk->j", (2, 3, 4)),
    ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)),
    ("bi,bj,bk->bijk", (2, 2), (2, 3), (2, 2)),
    ("bn,anm,bm->ba", (2, 3), (4, 3, 2), (2, 2)),
    ("...ij,...jk->...ik", (2, 1, 2, 3), (4, 3, 2)),
    ("...ij,jk", (2, 2, 3), (3, 2)),
    ("i...,i...->...", (2, 3, 1), (2, 1, 4)),
    ("i...->...", (2, 3)),
    ("ij,ij->", (2, 3), (2, 3)),
    ("ij,ji,ij->i", (3, 3), (3, 3), (3, 3)),
    ("Aa,aB->AB", (2, 3), (3, 2)),
):
    case("einsum", lambda tensors: torch.einsum(equation, *tensors), equation, tensors=[normal(*s) for s in shapes])
case("tensordot", torch.tensordot, a=normal(2, 3, 4), b=normal(3, 4, 2))
case("tensordot", lambda a, b: torch.tensordot(a, b, 1), 1, a=normal(2, 3), b=normal(3, 2))
case("tensordot", lambda a, b: torch.tensordot(a, b, 0), 0, a=normal(2), b=normal(3))
case("tensordot", lambda a, b: torch.tensordot(a, b, ([2, 0], [0, 1])), [[2, 0], [0, 1]], a=normal(2, 3, 4), b=normal(4, 2, 3))
case("kron", torch.kron, x=normal(2, 3), y=normal(3, 2))
case("kron", torch.kron, x=normal(3), y=normal(2, 2, 2))
case("cross", torch.linalg.cross, x=normal(2, 3), y=normal(2, 3))
case("cross", lambda x, y: torch.linalg.cross(x, y, dim=0), 0, x=normal(3, 2), y=normal(3, 1))
case("cross", lambda x, y: np.cross(x, y), x=np.array([1, 2, 3]), y=np.array([4, 5, 6]), grad=False)
case("outerProduct", torch.outer, v1=normal(2), v2=normal(3))

save(__file__)

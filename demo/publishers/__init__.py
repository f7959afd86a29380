"""The five publishers, each with pages and a feed of its own making."""

from . import jiangan, ledger, qingyu, shiomi, signal

ALL = [qingyu.Qingyu, jiangan.Jiangan, ledger.Ledger, signal.Signal, shiomi.Shiomi]

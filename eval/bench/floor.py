"""How fast the encoder could be at best: its arithmetic and bytes at this machine's peak, and how near it comes.

    python -m eval.bench.floor

One thread and processor time throughout, so that a busy machine changes little.
"""

import time
from collections.abc import Callable
from functools import partial

import numpy as np
import onnx
from onnx import TensorProto, helper

from eval.bench.corpus import load_corpus
from eval.bench.encoders import fast_encoder
from eval.bench.timing import machine, table
from index.onnx_session import Session

# all-MiniLM-L6-v2: six layers; in each, four products of 384 x 384 and two of 384 x 1536 a token.
WEIGHTS = 6 * (4 * 384 * 384 + 2 * 384 * 1536)
# And for each pair of tokens a score and a weighted sum over 384 dimensions.
PAIR = 6 * 2 * 384
_ROWS, _INNER, _COLUMNS = 256, 1_536, 1_536


def main() -> None:
    """Print peak, floor and what is reached."""
    peak, bandwidth = _integer_peak(), _bandwidth()
    print(f"{machine()}\none thread: {peak / 1e9:.0f} G multiply-adds/s in int8, {bandwidth / 1e9:.1f} GB/s read\n")
    corpus, encoder = load_corpus(), fast_encoder(threads=1)
    question = min(corpus.questions[:100], key=lambda text: abs(len(text.split()) - 10))
    passage = min(corpus.texts[:100], key=lambda text: abs(len(text.split()) - 120))
    rows = []
    for name, texts, tokens in (
        ("a question of 10 words", [question], 13),
        ("6 passages of 120 words", [passage] * 6, 160),
    ):
        work = len(texts) * (tokens * WEIGHTS + tokens * tokens * PAIR)
        least = max(work / peak, WEIGHTS / bandwidth)
        taken = _best(partial(encoder.encode, texts), 30)
        rows.append([name, f"{work / 1e6:.0f} M", f"{least * 1e3:.2f}", f"{taken * 1e3:.2f}", f"{taken / least:.1f}"])
    print(table(["text", "multiply-adds", "floor ms", "taken ms", "times the floor"], rows))
    print(f"\nThe weights are {WEIGHTS / 1e6:.1f} MB in int8; a question reads each of them once.")


def _integer_peak() -> float:
    """Multiply-adds a second of a large product of int8 matrices, by onnxruntime."""
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "peak",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [_ROWS, _INNER])],
        [helper.make_tensor_value_info("c", TensorProto.INT32, [_ROWS, _COLUMNS])],
        [onnx.numpy_helper.from_array(np.ones((_INNER, _COLUMNS), np.int8), "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    session = Session(model.SerializeToString(), threads=1)
    feeds = {"a": np.ones((_ROWS, _INNER), np.uint8)}
    return _ROWS * _INNER * _COLUMNS / _best(lambda: session.run(feeds), 30)


def _bandwidth() -> float:
    """Bytes a second when adding up 256 MB, which no cache holds."""
    numbers = np.ones(32_000_000, np.int64)
    return numbers.nbytes / _best(numbers.sum, 5)


def _best(run: Callable[[], object], times: int) -> float:
    """The shortest processor time of this thread, in seconds."""
    run()
    found = []
    for _ in range(times):
        started = time.thread_time()
        run()
        found.append(time.thread_time() - started)
    return min(found)


if __name__ == "__main__":
    main()

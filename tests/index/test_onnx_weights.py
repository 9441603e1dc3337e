import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.onnx_weights import rounded


def test_by_hand() -> None:
    codes, scales = rounded(np.array([[127, -127, 1, 0.4, 0, 0, 254, 1]], np.float32), block=4)
    assert scales.tolist() == [[1, 2]]
    assert codes.tolist() == [[255, 1, 129, 128, 128, 128, 255, 128]]  # 1 / 2 rounds to even


@given(arrays(np.float32, (3, 32), elements=st.floats(-1e3, 1e3, width=32)))
def test_no_value_moves_by_more_than_half_a_step(rows: np.ndarray) -> None:
    codes, scales = rounded(rows, block=16)
    steps = np.repeat(scales, 16, axis=1)
    assert np.all(np.abs((codes.astype(np.float32) - 128) * steps - rows) <= steps * 0.5001)

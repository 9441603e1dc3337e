import io

import numpy as np

from eval.bench.clustered import ClusteredEncoder
from tests.fakes import WordEncoder


def test_passages_get_made_vectors_and_questions_real_ones() -> None:
    real, record = WordEncoder(), io.BytesIO()
    kinds = np.linalg.qr(np.random.default_rng(1).normal(size=(real.dimension, 8)))[0].T.astype(np.float32)
    encoder = ClusteredEncoder(real, kinds, record)
    made = encoder.encode(["Article 1\nRain fell.", "Article 2\nIt was wet."])
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    np.testing.assert_array_equal(made[1:], encoder.encode(["Article 2\nIt was wet."]))
    assert len(record.getvalue()) == 3 * real.dimension * 2
    np.testing.assert_array_equal(encoder.encode(["who?"]), real.encode(["who?"]))

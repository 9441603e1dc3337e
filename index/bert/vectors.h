/* Sixteen floats at a time: what the other files share. Everything below needs AVX-512 with VNNI, which
   `quotary_runs_here` in bert.c asks for first. */
#ifndef QUOTARY_VECTORS_H
#define QUOTARY_VECTORS_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#define NATIVE static inline __attribute__((always_inline, target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma")))
#define NATIVE_APART static __attribute__((noinline, target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma")))

enum { LANES = 16 };

/* A block of C for each row of a tile: registers need names, and an array of them ends up in memory. */
#define EACH_1(X) X(0)
#define EACH_2(X) EACH_1(X) X(1)
#define EACH_3(X) EACH_2(X) X(2)
#define EACH_4(X) EACH_3(X) X(3)
#define EACH_5(X) EACH_4(X) X(4)
#define EACH_6(X) EACH_5(X) X(5)
#define EACH_7(X) EACH_6(X) X(6)
#define EACH_8(X) EACH_7(X) X(7)
#define EACH_9(X) EACH_8(X) X(8)
#define EACH_10(X) EACH_9(X) X(9)
#define EACH_11(X) EACH_10(X) X(10)
#define EACH_12(X) EACH_11(X) X(11)
#define EACH_13(X) EACH_12(X) X(12)
#define EACH_14(X) EACH_13(X) X(13)

/* e^x to about 2e-7 of it, for x in [-87, 88]; beyond, as at the bounds. Cody and Waite's two-part ln 2, then Taylor's
   series to the sixth power on [-ln 2 / 2, ln 2 / 2]. */
NATIVE __m512 exponential(__m512 x) {
    x = _mm512_max_ps(_mm512_min_ps(x, _mm512_set1_ps(88.0f)), _mm512_set1_ps(-87.0f));
    const __m512 power = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), _MM_FROUND_TO_NEAREST_INT);
    x = _mm512_fnmadd_ps(power, _mm512_set1_ps(0.693359375f), x);
    x = _mm512_fnmadd_ps(power, _mm512_set1_ps(-2.12194440e-4f), x);
    __m512 sum = _mm512_set1_ps(1.0f / 720);
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(1.0f / 120));
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(1.0f / 24));
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(1.0f / 6));
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(0.5f));
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(1.0f));
    sum = _mm512_fmadd_ps(sum, x, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(sum, power);
}

/* Each row of x [rows, size] plus that of `more` (NULL for none), normalised: (Ba, Kiros and Hinton 2016). In place. */
NATIVE_APART void normalise(float *x, const float *more, int rows, int size, const float *weight, const float *bias,
                            float epsilon) {
    for (int row = 0; row < rows; row++, x += size) {
        __m512 sum = _mm512_setzero_ps(), squares = sum;
        for (int at = 0; at < size; at += LANES) {
            __m512 value = _mm512_loadu_ps(x + at);
            if (more) {
                value = _mm512_add_ps(value, _mm512_loadu_ps(more + (size_t)row * size + at));
                _mm512_storeu_ps(x + at, value);
            }
            sum = _mm512_add_ps(sum, value);
        }
        const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / size);
        for (int at = 0; at < size; at += LANES) {
            const __m512 off = _mm512_sub_ps(_mm512_loadu_ps(x + at), mean);
            squares = _mm512_fmadd_ps(off, off, squares);
        }
        const __m512 deviation = _mm512_sqrt_ps(_mm512_set1_ps(_mm512_reduce_add_ps(squares) / size + epsilon));
        const __m512 shrink = _mm512_div_ps(_mm512_set1_ps(1.0f), deviation);
        for (int at = 0; at < size; at += LANES) {
            const __m512 off = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(x + at), mean), shrink);
            _mm512_storeu_ps(x + at, _mm512_fmadd_ps(off, _mm512_loadu_ps(weight + at), _mm512_loadu_ps(bias + at)));
        }
    }
}

/* GELU by tanh (Hendrycks and Gimpel 2016), as x / (1 + e^-2u), in place. */
NATIVE_APART void gelu(float *x, size_t count) {
    for (size_t at = 0; at < count; at += LANES) {
        const __m512 value = _mm512_loadu_ps(x + at), square = _mm512_mul_ps(value, value);
        const __m512 cubed = _mm512_fmadd_ps(_mm512_mul_ps(square, value), _mm512_set1_ps(0.044715f), value);
        const __m512 power = _mm512_mul_ps(cubed, _mm512_set1_ps(-1.5957691216f)); /* -2 sqrt(2 / pi) */
        const __m512 below = _mm512_add_ps(_mm512_set1_ps(1.0f), exponential(power));
        _mm512_storeu_ps(x + at, _mm512_div_ps(value, below));
    }
}

#endif

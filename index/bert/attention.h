/* Attention over a whole text, head by head, in floats (Vaswani et al. 2017). */
#ifndef QUOTARY_ATTENTION_H
#define QUOTARY_ATTENTION_H

#include "vectors.h"

enum { MOST_QUERIES = 8, COLUMNS = 2 * LANES };

#define BEGIN_QUERY(i) __m512 left##i = _mm512_setzero_ps(), right##i = left##i;
#define STEP_QUERY(i)                                                                 \
    {                                                                                 \
        const __m512 one = _mm512_set1_ps(a[(size_t)(i) * a_apart + at]);             \
        left##i = _mm512_fmadd_ps(one, left, left##i);                                \
        right##i = _mm512_fmadd_ps(one, right, right##i);                             \
    }
#define END_QUERY(i)                                                                  \
    _mm512_storeu_ps(out + (size_t)(i) * out_apart, left##i);                         \
    _mm512_storeu_ps(out + (size_t)(i) * out_apart + LANES, right##i);
#define QUERIES(count)                                                                \
    case count: {                                                                     \
        EACH_##count(BEGIN_QUERY)                                                     \
        for (int at = 0; at < inner; at++) {                                          \
            const float *row = b + (size_t)at * b_apart;                              \
            const __m512 left = _mm512_loadu_ps(row), right = _mm512_loadu_ps(row + LANES); \
            EACH_##count(STEP_QUERY)                                                  \
        }                                                                             \
        EACH_##count(END_QUERY)                                                       \
        break;                                                                        \
    }

/* out [count, 32] = a [count, inner] times b [inner, 32]; `count` is 1 to 8, rows lie so many floats `apart`. */
NATIVE_APART void few_rows(int count, const float *a, size_t a_apart, int inner, const float *b, size_t b_apart,
                           float *out, size_t out_apart) {
    switch (count) {
        QUERIES(1) QUERIES(2) QUERIES(3) QUERIES(4) QUERIES(5) QUERIES(6) QUERIES(7) QUERIES(8)
    }
}

/* A row of scores becomes one of e^(score - largest), 0 from `count` to `padded`; gives 1 / their sum. */
NATIVE float soften(float *scores, int count, int padded) {
    __m512 most = _mm512_set1_ps(-3e38f), sum = _mm512_setzero_ps();
    for (int at = 0; at < count; at += LANES) {
        const __mmask16 real = count - at < LANES ? (__mmask16)((1u << (count - at)) - 1) : (__mmask16)0xFFFF;
        most = _mm512_mask_max_ps(most, real, most, _mm512_loadu_ps(scores + at));
    }
    const __m512 largest = _mm512_set1_ps(_mm512_reduce_max_ps(most));
    for (int at = 0; at < padded; at += LANES) {
        const __mmask16 real = count - at >= LANES ? (__mmask16)0xFFFF
                               : count > at        ? (__mmask16)((1u << (count - at)) - 1)
                                                   : (__mmask16)0;
        const __m512 value = _mm512_sub_ps(_mm512_loadu_ps(scores + at), largest);
        const __m512 risen = _mm512_maskz_mov_ps(real, exponential(value));
        _mm512_storeu_ps(scores + at, risen);
        sum = _mm512_add_ps(sum, risen);
    }
    return 1.0f / _mm512_reduce_add_ps(sum);
}

static inline int padded_to_columns(int tokens) { return (tokens + COLUMNS - 1) / COLUMNS * COLUMNS; }

/* out [tokens, size]: for each head, the values weighted by how well a token's query fits the keys.

   qkv: [tokens, 3 size], queries, keys and values side by side.
   keys: room for [size / heads, padded] floats; scores: for [8, padded]. */
NATIVE_APART void attend(const float *qkv, int tokens, int size, int heads, float *keys, float *scores, float *out) {
    const int width = size / heads, padded = padded_to_columns(tokens);
    const size_t apart = 3 * (size_t)size;
    const float scale = 1.0f / __builtin_sqrtf((float)width);
    for (int head = 0; head < heads; head++) {
        const float *query = qkv + (size_t)head * width, *key = query + size, *value = key + size;
        for (int at = 0; at < width; at++)
            for (int token = 0; token < padded; token++)
                keys[(size_t)at * padded + token] = token < tokens ? key[token * apart + at] * scale : 0.0f;
        for (int first = 0; first < tokens; first += MOST_QUERIES) {
            const int count = tokens - first < MOST_QUERIES ? tokens - first : MOST_QUERIES;
            for (int column = 0; column < padded; column += COLUMNS)
                few_rows(count, query + first * apart, apart, width, keys + column, padded, scores + column, padded);
            float shares[MOST_QUERIES];
            for (int row = 0; row < count; row++) shares[row] = soften(scores + (size_t)row * padded, tokens, padded);
            float *to = out + (size_t)first * size + (size_t)head * width;
            for (int column = 0; column < width; column += COLUMNS)
                few_rows(count, scores, padded, tokens, value + column, apart, to + column, size);
            for (int row = 0; row < count; row++)
                for (int at = 0; at < width; at++) to[(size_t)row * size + at] *= shares[row];
        }
    }
}

#endif

/* The product of a layer's states with int8 weights, which is most of the work.

   A row of states becomes bytes with a scale and a zero point of its own. Weights are int8 with a scale a column, stored
   as the instruction wants them: in panels of 32 columns, four rows of each column side by side. A tile is up to 14 rows
   of states by one panel; its 28 sums stay in registers while a panel streams by once. */
#ifndef QUOTARY_PRODUCT_H
#define QUOTARY_PRODUCT_H

#include "vectors.h"

enum { MOST_ROWS = 14, PANEL = 2 * LANES, GROUP = 4 };
/* Bytes that weights are fetched ahead of their use: 48 steps, in which memory answers. Half of that is 2% slower. */
enum { AHEAD = 6144 };

typedef struct {
    int rows, columns;     /* of the weights */
    const float *evening;  /* [rows] what the states are multiplied by first, or NULL */
    const float *scale;    /* [columns] */
    const float *bias;     /* [columns] */
    const int32_t *sums;   /* [columns] of the int8 weights */
    const int8_t *panels;  /* [columns / 32][rows / 4][32][4] */
} Product;

/* Where rows of states are bytes for a while: tile after tile, in a tile four bytes of each row side by side. */
typedef struct {
    int32_t *bytes; /* [rows, size / 4] */
    float *scale;   /* [rows] */
    int32_t *zero;  /* [rows] */
} Rounded;

static inline int tiles(int rows) { return (rows + MOST_ROWS - 1) / MOST_ROWS; }
static inline int tile_begin(int rows, int tile) { return (int)((int64_t)rows * tile / tiles(rows)); }

NATIVE __m512 evened(const float *x, const float *evening, int at) {
    const __m512 value = _mm512_loadu_ps(x + at);
    return evening ? _mm512_mul_ps(value, _mm512_loadu_ps(evening + at)) : value;
}

/* One row as bytes 0 to 255, value = (byte - zero) * scale, zero among the values; `apart`: from one group to the next. */
NATIVE void round_row(const float *x, int size, const float *evening, int32_t *bytes, int apart, float *scale,
                      int32_t *zero) {
    __m512 low = _mm512_setzero_ps(), high = low;
    for (int at = 0; at < size; at += LANES) {
        const __m512 value = evened(x, evening, at);
        low = _mm512_min_ps(low, value);
        high = _mm512_max_ps(high, value);
    }
    const float least = _mm512_reduce_min_ps(low), step = (_mm512_reduce_max_ps(high) - least) / 255.0f;
    *scale = step > 0 ? step : 1.0f;
    *zero = _mm_cvtss_si32(_mm_set_ss(-least / *scale));
    const __m512 inverse = _mm512_set1_ps(1.0f / *scale);
    const __m512i shift = _mm512_set1_epi32(*zero);
    for (int at = 0; at < size; at += LANES, bytes += GROUP * (size_t)apart) {
        const __m512i whole = _mm512_cvtps_epi32(_mm512_mul_ps(evened(x, evening, at), inverse));
        const __m512i above = _mm512_max_epi32(_mm512_add_epi32(whole, shift), _mm512_setzero_si512());
        const __m128i narrow = _mm512_cvtusepi32_epi8(above);
        bytes[0] = _mm_extract_epi32(narrow, 0);
        bytes[apart] = _mm_extract_epi32(narrow, 1);
        bytes[2 * (size_t)apart] = _mm_extract_epi32(narrow, 2);
        bytes[3 * (size_t)apart] = _mm_extract_epi32(narrow, 3);
    }
}

NATIVE_APART void round_rows(const float *x, int rows, int size, const float *evening, Rounded to) {
    for (int tile = 0; tile < tiles(rows); tile++) {
        const int begin = tile_begin(rows, tile), count = tile_begin(rows, tile + 1) - begin;
        for (int row = 0; row < count; row++) {
            const size_t at = (size_t)begin + row;
            int32_t *bytes = to.bytes + (size_t)begin * (size / GROUP) + row;
            round_row(x + at * size, size, evening, bytes, count, to.scale + at, to.zero + at);
        }
    }
}

/* 16 sums as floats: their zero point out, their scales and bias in. */
NATIVE void finish(__m512i sums, const Product *by, int column, float scale, int32_t zero, float *out) {
    const __m512i too_much = _mm512_mullo_epi32(_mm512_set1_epi32(zero), _mm512_loadu_si512(by->sums + column));
    const __m512 value = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums, too_much));
    const __m512 scales = _mm512_mul_ps(_mm512_set1_ps(scale), _mm512_loadu_ps(by->scale + column));
    _mm512_storeu_ps(out, _mm512_fmadd_ps(value, scales, _mm512_loadu_ps(by->bias + column)));
}

/* In assembly: GCC 12 copies the sums of the intrinsic from register to register, and then to memory and back. */
#define ADD_PRODUCTS(sums, bytes, weights) __asm__("vpdpbusd %2, %1, %0" : "+v"(sums) : "v"(bytes), "v"(weights))

#define BEGIN_ROW(i) __m512i left##i = _mm512_setzero_si512(), right##i = left##i;
#define STEP_ROW(i)                                                \
    {                                                              \
        const __m512i four = _mm512_set1_epi32(bytes[i]);          \
        ADD_PRODUCTS(left##i, four, left);                         \
        ADD_PRODUCTS(right##i, four, right);                       \
    }
#define END_ROW(i)                                                                               \
    finish(left##i, by, column, scale[i], zero[i], out + (size_t)(i) * by->columns + column);    \
    finish(right##i, by, column + LANES, scale[i], zero[i], out + (size_t)(i) * by->columns + column + LANES);
#define TILE_OF(count)                                                                           \
    case count: {                                                                                \
        EACH_##count(BEGIN_ROW)                                                                  \
        for (int at = 0; at < by->rows; at += GROUP, weights += PANEL * GROUP, bytes += count) { \
            _mm_prefetch((const char *)weights + AHEAD, _MM_HINT_T0);                            \
            _mm_prefetch((const char *)weights + AHEAD + 64, _MM_HINT_T0);                       \
            const __m512i left = _mm512_loadu_si512(weights);                                    \
            const __m512i right = _mm512_loadu_si512(weights + LANES * GROUP);                   \
            EACH_##count(STEP_ROW)                                                               \
        }                                                                                        \
        EACH_##count(END_ROW)                                                                    \
        break;                                                                                   \
    }

/* `count` rows of states, 1 to 14, by the panel that begins at `column`. */
NATIVE_APART void tile_by_panel(int count, const int32_t *bytes, const float *scale, const int32_t *zero,
                                const Product *by, int column, float *out) {
    const int8_t *weights = by->panels + (size_t)column * by->rows;
    switch (count) {
        TILE_OF(1) TILE_OF(2) TILE_OF(3) TILE_OF(4) TILE_OF(5) TILE_OF(6) TILE_OF(7)
        TILE_OF(8) TILE_OF(9) TILE_OF(10) TILE_OF(11) TILE_OF(12) TILE_OF(13) TILE_OF(14)
    }
}

/* out [rows, by->columns] = x [rows, by->rows] times the weights, plus their bias; `rounded` holds x as bytes. */
NATIVE_APART void multiply(const Product *by, const float *x, int rows, Rounded rounded, float *out) {
    round_rows(x, rows, by->rows, by->evening, rounded);
    for (int column = 0; column < by->columns; column += PANEL)
        for (int tile = 0; tile < tiles(rows); tile++) {
            const int begin = tile_begin(rows, tile), count = tile_begin(rows, tile + 1) - begin;
            tile_by_panel(count, rounded.bytes + (size_t)begin * (by->rows / GROUP), rounded.scale + begin,
                          rounded.zero + begin, by, column, out + (size_t)begin * by->columns);
        }
}

#endif

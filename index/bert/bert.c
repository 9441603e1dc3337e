/* The layers of a BERT (Devlin et al. 2019) over one text, with int8 weights, on one thread.

   The weights are one block of memory, written by index/native_file.py and mapped from its file. `quotary_layers` checks
   nothing: index/native.py does, before it calls. */
#include <stdlib.h>

#if defined(__x86_64__) && defined(__GNUC__)

#include "attention.h"
#include "product.h"
#include "vectors.h"

enum { ALIGNED = 64 };

/* The beginning of the file; index/native_file.py describes what follows. */
typedef struct {
    char magic[8];
    int32_t size, heads, layers, words, positions, types, block;
    float epsilon;
    int32_t widths[24]; /* of each layer's feed-forward block */
} Head;

int quotary_runs_here(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("fma");
}

static size_t aligned(size_t bytes) { return (bytes + ALIGNED - 1) / ALIGNED * ALIGNED; }

/* The next `bytes` of the file. */
static const void *next(const char **file, size_t bytes) {
    const void *here = *file;
    *file += aligned(bytes);
    return here;
}

static const float *next_floats(const char **file, size_t count) { return next(file, count * sizeof(float)); }

static Product next_product(const char **file, int rows, int columns, int is_evened) {
    Product found = {.rows = rows, .columns = columns, .evening = NULL};
    if (is_evened) found.evening = next_floats(file, rows);
    found.scale = next_floats(file, columns);
    found.bias = next_floats(file, columns);
    found.sums = next(file, columns * sizeof(int32_t));
    found.panels = next(file, (size_t)rows * columns);
    return found;
}

typedef struct {
    const float *weight, *bias;
} Norm;

static Norm next_norm(const char **file, int size) {
    const float *weight = next_floats(file, size);
    return (Norm){weight, next_floats(file, size)};
}

/* What one text needs beside its states. */
typedef struct {
    float *wide;    /* [tokens, the widest of a layer's products] */
    float *narrow;  /* [tokens, size] */
    float *keys;    /* [size / heads, padded] */
    float *scores;  /* [MOST_QUERIES, padded] */
    Rounded rounded;
} Room;

static int widest(const Head *head) {
    int most = 3 * head->size;
    for (int layer = 0; layer < head->layers; layer++)
        if (head->widths[layer] > most) most = head->widths[layer];
    return most;
}

/* One block of memory, which `room->wide` begins; NULL there if there is none. */
static void make_room(const Head *head, int tokens, Room *room) {
    const size_t rows = tokens, padded = aligned(padded_to_columns(tokens)), wide = widest(head);
    const size_t counts[] = {rows * wide, rows * head->size, padded * (head->size / head->heads), padded * MOST_QUERIES,
                             rows * wide / GROUP, rows, rows};
    void *parts[7] = {NULL};
    size_t all = 0;
    for (int part = 0; part < 7; part++) all += aligned(counts[part] * sizeof(float));
    char *memory = aligned_alloc(ALIGNED, all);
    for (int part = 0; memory && part < 7; part++) {
        parts[part] = memory;
        memory += aligned(counts[part] * sizeof(float));
    }
    *room = (Room){parts[0], parts[1], parts[2], parts[3], {parts[4], parts[5], parts[6]}};
}

/* Words, positions and types as the states that the first layer takes, [tokens, size]; passes them in the file. */
static void embed(const Head *head, const char **file, const int64_t *ids, const int64_t *types, int tokens, float *x) {
    const size_t size = head->size, blocks = size / head->block;
    const uint8_t *codes = next(file, head->words * size);
    const float *scales = next_floats(file, head->words * blocks);
    const float *positions = next_floats(file, head->positions * size);
    const float *kinds = next_floats(file, head->types * size);
    const Norm norm = next_norm(file, head->size);
    if (!ids) return;
    for (size_t token = 0; token < (size_t)tokens; token++) {
        const uint8_t *code = codes + ids[token] * size;
        const float *scale = scales + ids[token] * blocks, *place = positions + token * size;
        const float *kind = kinds + (types ? types[token] : 0) * size;
        for (size_t at = 0; at < size; at++)
            x[token * size + at] = ((int)code[at] - 128) * scale[at / head->block] + place[at] + kind[at];
    }
    normalise(x, NULL, tokens, head->size, norm.weight, norm.bias, head->epsilon);
}

/* The states of a text after all layers.

   file: the weights. ids, types: [tokens], or ids NULL where x holds the states to begin with; types NULL for all 0.
   x: [tokens, size], gets the states. Gives 0, or 1 where there is no memory. */
int quotary_layers(const void *weights, const int64_t *ids, const int64_t *types, int tokens, float *x) {
    const Head *head = weights;
    const char *file = (const char *)weights + aligned(sizeof(Head));
    const int size = head->size;
    Room room;
    make_room(head, tokens, &room);
    if (!room.wide) return 1;
    if (head->words) embed(head, &file, ids, types, tokens, x);
    for (int layer = 0; layer < head->layers; layer++) {
        const int width = head->widths[layer];
        const Product project = next_product(&file, size, 3 * size, 1), mix = next_product(&file, size, size, 0);
        const Norm mixed = next_norm(&file, size);
        const Product widen = next_product(&file, size, width, 1), narrow = next_product(&file, width, size, 1);
        const Norm fed = next_norm(&file, size);
        multiply(&project, x, tokens, room.rounded, room.wide);
        attend(room.wide, tokens, size, head->heads, room.keys, room.scores, room.narrow);
        multiply(&mix, room.narrow, tokens, room.rounded, room.wide);
        normalise(x, room.wide, tokens, size, mixed.weight, mixed.bias, head->epsilon);
        multiply(&widen, x, tokens, room.rounded, room.wide);
        gelu(room.wide, (size_t)tokens * width);
        multiply(&narrow, room.wide, tokens, room.rounded, room.narrow);
        normalise(x, room.narrow, tokens, size, fed.weight, fed.bias, head->epsilon);
    }
    free(room.wide);
    return 0;
}

#else /* another processor or compiler: onnxruntime runs the model */

int quotary_runs_here(void) { return 0; }
int quotary_layers(const void *weights, const long *ids, const long *types, int tokens, float *x) {
    (void)weights, (void)ids, (void)types, (void)tokens, (void)x;
    return 1;
}

#endif

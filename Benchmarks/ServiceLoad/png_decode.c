// How fast plain libpng decodes a file, on some threads: the measure that uploads are held against.
//
//   png-decode FILE THREADS DECODES
//
// Prints one JSON object: seconds, and CPU seconds, of all decodes.
#include <png.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static png_bytep file;
static size_t file_bytes;
static atomic_long decodes_left;

typedef struct {
    size_t offset;
} source;

static void read_bytes(png_structp png, png_bytep out, size_t wanted) {
    source *from = png_get_io_ptr(png);
    if (wanted > file_bytes - from->offset) png_error(png, "truncated");
    memcpy(out, file + from->offset, wanted);
    from->offset += wanted;
}

static void decode(void) {
    source from = {0};
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png_create_info_struct(png);
    if (png == NULL || info == NULL || setjmp(png_jmpbuf(png)) != 0) {
        fprintf(stderr, "png-decode: the file does not decode\n");
        exit(1);
    }
    png_set_read_fn(png, &from, read_bytes);
    png_read_png(png, info, PNG_TRANSFORM_IDENTITY, NULL);
    png_destroy_read_struct(&png, &info, NULL);
}

static void *run(void *unused) {
    (void)unused;
    while (atomic_fetch_sub(&decodes_left, 1) > 0) decode();
    return NULL;
}

static double seconds_of(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: png-decode FILE THREADS DECODES\n");
        return 64;
    }
    FILE *stream = fopen(arguments[1], "rb");
    if (stream == NULL) return 66;
    fseek(stream, 0, SEEK_END);
    file_bytes = (size_t)ftell(stream);
    rewind(stream);
    file = malloc(file_bytes);
    if (file == NULL || fread(file, 1, file_bytes, stream) != file_bytes) return 66;
    fclose(stream);
    int threads = atoi(arguments[2]);
    long decodes = atol(arguments[3]);
    atomic_store(&decodes_left, decodes);
    pthread_t *ids = calloc((size_t)threads, sizeof *ids);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, run, NULL);
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf(
        "{\"decodes\": %ld, \"seconds\": %.6f, \"cpu_seconds\": %.6f}\n", decodes,
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9,
        seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    return 0;
}

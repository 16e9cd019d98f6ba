// What memory alone allows: the loads and stores of an AdamW step (p, g, m, v read; p, m, v written: 28 bytes a float) with
// next to no arithmetic, and the step itself as a C compiler makes it. usage: roofline THREADS; the requests of README.md.
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static float *p, *g, *m, *v;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

static void traffic(long n) {
#pragma omp parallel for simd schedule(static)
  for (long i = 0; i < n; i++) {
    float x = g[i];
    p[i] += x;
    m[i] -= x;
    v[i] += x;
  }
}

static long t;

static void adamw(long n) {
  t++;
  float a = 1e-3 / (1 - pow(.9, t)), b = 1 / sqrt(1 - pow(.999, t));
#pragma omp parallel for simd schedule(static)
  for (long i = 0; i < n; i++) {
    float G = g[i], M = .9f * m[i] + .1f * G, V = .999f * v[i] + .001f * G * G;
    m[i] = M;
    v[i] = V;
    p[i] = p[i] * (1 - 1e-5f) - a * M / (sqrtf(V) * b + 1e-8f);
  }
}

static void fill(long n) {
  float **all[] = {&p, &g, &m, &v};
  for (int k = 0; k < 4; k++) {
    free(*all[k]);
    *all[k] = aligned_alloc(64, (n * 4 + 63) / 64 * 64);
  }
  for (long i = 0; i < n; i++) {
    p[i] = sin(i * .7);
    g[i] = sin(i * .7) * .1;
    m[i] = v[i] = 0;
  }
  t = 0;
}

/** The number after "key": in the request, or 0. */
static double field(const char *line, const char *key) {
  char quoted[32];
  snprintf(quoted, sizeof quoted, "\"%s\":", key);
  const char *found = strstr(line, quoted);
  return found ? atof(found + strlen(quoted)) : 0;
}

int main(int count, char **words) {
  omp_set_num_threads(count > 1 ? atoi(words[1]) : 1);
  printf("{\"versions\":{\"C compiler\":\"%s\"}}\n", __VERSION__);
  fflush(stdout);
  char line[4096];
  long filled = 0;
  while (fgets(line, sizeof line, stdin)) {
    long n = field(line, "size"), check = field(line, "check");
    double ms = field(line, "ms");
    void (*step)(long) = strstr(line, "\"way\":\"limit\"") ? traffic : adamw;
    if (!n) {
      puts("{}"); // forget
    } else if (!strstr(line, "\"work\":\"adamw\"") || field(line, "tensors") != 1) {
      puts("{\"none\":\"one tensor of AdamW only\"}");
    } else if (check) {
      fill(filled = n);
      for (long k = 0; k < check; k++) step(n);
      printf("{\"values\":[");
      for (int k = 0; k < 8; k++) printf("%s%.9g", k ? "," : "", p[k]);
      puts("]}");
    } else {
      if (filled != n) fill(filled = n);
      long steps = 0, block = 1;
      double start = now(), passed = 0;
      while (passed < ms) {
        for (long k = 0; k < block; k++) step(n);
        steps += block;
        passed = now() - start;
        if (passed < ms / 16) block *= 2;
      }
      printf("{\"ms\":%.9g}\n", passed / steps);
    }
    fflush(stdout);
  }
  return 0;
}

package dev.gatehouse.benchmarks;

/** What a row of the table stands for. */
enum Role {
    /** What nothing can go below, or what is measured for orientation only. */
    LIMIT,
    OURS,
    PEER
}

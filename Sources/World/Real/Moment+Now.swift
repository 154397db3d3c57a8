#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

extension Moment {
    /// Asks the system's clocks.
    package static func now() -> Moment {
        var monotonic = timespec()
        var wall = timespec()
        clock_gettime(CLOCK_MONOTONIC, &monotonic)
        clock_gettime(CLOCK_REALTIME, &wall)
        return Moment(
            monotonicNanoseconds: monotonic.tv_sec * 1_000_000_000 + monotonic.tv_nsec,
            wallMilliseconds: wall.tv_sec * 1_000 + wall.tv_nsec / 1_000_000)
    }
}

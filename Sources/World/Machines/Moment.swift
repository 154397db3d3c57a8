/// What a machine's clocks show when an event happens.
package struct Moment: Hashable, Sendable {
    /// Nanoseconds of a clock that never jumps; only differences mean something.
    package var monotonicNanoseconds: Int
    /// Milliseconds since 1970-01-01 UTC, as the machine's own clock believes; may be wrong or jump.
    package var wallMilliseconds: Int

    package init(monotonicNanoseconds: Int, wallMilliseconds: Int) {
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallMilliseconds = wallMilliseconds
    }
}

extension Int {
    /// Nanoseconds in so many milliseconds.
    package static func milliseconds(_ count: Int) -> Int { count * 1_000_000 }
    /// Nanoseconds in so many seconds.
    package static func seconds(_ count: Int) -> Int { count * 1_000_000_000 }
}

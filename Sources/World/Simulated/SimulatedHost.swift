/// A computer: a clock, disks, and power that can go.
package final class SimulatedHost {
    package let name: String
    package var clock = SimulatedClock()
    package private(set) var disks: [SimulatedDisk] = []
    package private(set) var isUp = true
    /// Turns every connection away, as one whose backlog is full does.
    package var refusesConnections = false
    private var random: SeededRandom
    var trueTime: () -> Int = { 0 }

    init(name: String, random: SeededRandom) {
        self.name = name
        self.random = random
    }

    /// Adds a disk of so many bytes.
    package func addDisk(_ name: String, capacity: Int = 1 << 40) -> SimulatedDisk {
        let disk = SimulatedDisk(self.name + ":" + name, capacity: capacity, random: random.split())
        disk.wallMilliseconds = { [unowned self] in moment.wallMilliseconds }
        disks.append(disk)
        return disk
    }

    /// What the host's clocks show now.
    package var moment: Moment { clock.moment(at: trueTime()) }

    func losePower() {
        isUp = false
        for disk in disks { disk.losePower() }
    }

    func restorePower() {
        isUp = true
        clock.restart(at: trueTime())
    }
}

/// The clocks of a host: one that only counts, and one that believes to know the date.
package struct SimulatedClock: Sendable {
    /// How much faster than true time both clocks go, in millionths.
    package private(set) var driftMillionths = 0
    /// How far the clock of the date is off, besides its drift.
    package var wallErrorMilliseconds = 0
    private var anchor = (trueTime: 0, monotonic: 1_000_000_000)
    private var skewMilliseconds = 0

    /// 2026-01-01 UTC: the date on which every simulation begins.
    package static let beginning = 1_767_225_600_000

    package init() {}

    package func moment(at trueTime: Int) -> Moment {
        Moment(
            monotonicNanoseconds: anchor.monotonic + counted(trueTime - anchor.trueTime),
            wallMilliseconds: Self.beginning + trueTime / 1_000_000 + wallErrorMilliseconds + skewMilliseconds
                + (counted(trueTime - anchor.trueTime) - (trueTime - anchor.trueTime)) / 1_000_000)
    }

    private func counted(_ nanoseconds: Int) -> Int { nanoseconds + nanoseconds / 1_000_000 * driftMillionths }

    /// True nanoseconds until the clock has counted so many.
    func trueDuration(of nanoseconds: Int) -> Int { nanoseconds - nanoseconds / 1_000_000 * driftMillionths }

    /// Lets the clocks go at another rate from now on.
    package mutating func setDrift(millionths: Int, at trueTime: Int) {
        reanchor(at: trueTime)
        driftMillionths = millionths
    }

    /// Begins to count anew, as the clock of a computer that was switched on does.
    mutating func restart(at trueTime: Int) {
        reanchor(at: trueTime)
        anchor.monotonic = 1_000_000_000
    }

    private mutating func reanchor(at trueTime: Int) {
        let passed = trueTime - anchor.trueTime
        skewMilliseconds += (counted(passed) - passed) / 1_000_000
        anchor = (trueTime, anchor.monotonic + counted(passed))
    }
}

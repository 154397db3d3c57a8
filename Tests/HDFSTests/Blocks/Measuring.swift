import FoundationEssentials

/// How many blocks are measured, by the variable `HONEY_MEASURE_BLOCKS`; nil measures nothing.
let measuredBlocks = ProcessInfo.processInfo.environment["HONEY_MEASURE_BLOCKS"].flatMap { Int($0) }

/// Bytes of memory this process holds.
func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
}

/// Makes a seed for a randomized test and prints it; `HONEY_SEED` repeats one.
func makeSeed(_ test: String) -> UInt64 {
    let seed =
        ProcessInfo.processInfo.environment["HONEY_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    print("\(test): HONEY_SEED=\(seed)")
    return seed
}

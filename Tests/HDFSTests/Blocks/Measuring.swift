import FoundationEssentials

/// How many blocks are measured, by the variable `HONEY_MEASURE_BLOCKS`; nil measures nothing.
let measuredBlocks = ProcessInfo.processInfo.environment["HONEY_MEASURE_BLOCKS"].flatMap { Int($0) }

/// Bytes of memory this process holds.
func residentBytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4_096
}

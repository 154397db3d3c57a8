import Foundation
import HoneyCore
import HoneyPlan

/// The settings a session begins with, under Hive's and Impala's names.
enum DefaultSettings {
    static let all: [String: String] = [
        "hive.cli.print.header": "false",
        "hive.default.fileformat": "TextFile",
        "hive.default.rcfile.serde": "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
        "hive.exec.compress.output": "false",
        "hive.exec.dynamic.partition": "true",
        "hive.exec.dynamic.partition.mode": "strict",
        "hive.exec.max.dynamic.partitions": "1000",
        "hive.variable.substitute": "true",
        "hive.variable.substitute.depth": "40",
        "honeyguide.threads": String(ProcessInfo.processInfo.activeProcessorCount),
        "mem_limit": "80%",
    ]
}

extension Settings {
    /// Threads that a query may use: `honeyguide.threads`, 1 to 1024.
    var threads: Int {
        get throws {
            let text = self["honeyguide.threads"] ?? ""
            guard let count = Int(text), (1...1024).contains(count) else {
                throw HoneyError(
                    .semantic, "BAD_SETTING", "honeyguide.threads must be a number from 1 to 1024, not '\(text)'")
            }
            return count
        }
    }

    /// Bytes a query may hold: `mem_limit` as bytes, with a suffix k, m, g or t, or as a share of memory (`80%`); 0 is no limit.
    var memoryLimitBytes: Int? {
        get throws {
            let text = (self["mem_limit"] ?? "0").lowercased()
            guard let bytes = Settings.bytes(text) else {
                throw HoneyError(
                    .semantic, "BAD_SETTING", "mem_limit must be a size such as 512m, 2g or 80%, not '\(text)'")
            }
            return bytes == 0 ? nil : bytes
        }
    }

    private static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits), number.isFinite, number >= 0 else { return nil }
        let factor: Double
        switch text.dropFirst(digits.count) {
        case "", "b": factor = 1
        case "k", "kb": factor = 1024
        case "m", "mb": factor = 1_048_576
        case "g", "gb": factor = 1_073_741_824
        case "t", "tb": factor = 1_099_511_627_776
        case "%": factor = Double(ProcessInfo.processInfo.physicalMemory) / 100
        default: return nil
        }
        return Int(exactly: (number * factor).rounded())
    }
}

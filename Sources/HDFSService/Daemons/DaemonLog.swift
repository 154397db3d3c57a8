import Foundation
package import HoneyWorld
package import Logging

/// Writes a daemon's log on standard error: `2026-11-29 16:37:00,125 INFO NameNode: …`.
package struct DaemonLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String

    /// Makes one for what `label` names, such as `NameNode`.
    package init(label: String, level: Logger.Level = .info) {
        self.label = label
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let now = Moment.now().wallMilliseconds
        // A line of the log is one line, whatever a message from outside holds.
        let message = event.message.description.split(whereSeparator: \.isNewline).joined(separator: " ")
        let line = "\(Self.time(now)) \(event.level.rawValue.uppercased()) \(label): \(message)\n"
        // A log that nobody takes, or a full disk, is no reason for a daemon to end.
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    private static func time(_ milliseconds: Int) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ value: Int, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date =
            "\(digits(Int(parts.tm_year) + 1900, 4))-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { digits(Int($0), 2) }.joined(separator: ":")
        return "\(date) \(time),\(digits(milliseconds % 1000, 3))"
    }
}

extension Logger {
    /// Makes the log of a daemon on standard error.
    package static func daemon(_ name: String, level: Level = .info) -> Logger {
        Logger(label: name) { DaemonLogHandler(label: $0, level: level) }
    }

    /// Takes what a machine logs.
    package func write(_ level: LogLevel, _ message: String) {
        switch level {
        case .debug: debug("\(message)")
        case .info: info("\(message)")
        case .warning: warning("\(message)")
        case .error: error("\(message)")
        }
    }
}

import ArgumentParser
import Foundation
import HoneyCore
import Honeyguide

/// Standard output for rows, standard error for everything else.
final class Console {
    let isSilent: Bool
    let isVerbose: Bool
    private var pending: [UInt8] = []
    private static let flushBytes = 1 << 16

    init(isSilent: Bool, isVerbose: Bool) {
        self.isSilent = isSilent
        self.isVerbose = isVerbose
    }

    /// Writes rows, in large pieces.
    func write(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        pending.append(contentsOf: bytes)
        if pending.count >= Console.flushBytes { try flush() }
    }

    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBufferPointer { try write($0) } }

    func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write($0) }
    }

    /// Writes what is pending; ends the program quietly when nobody reads any more.
    func flush() throws {
        defer { pending.removeAll(keepingCapacity: true) }
        try pending.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Foundation.write(
                    STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                guard written >= 0 else {
                    if errno == EPIPE { throw ExitCode(141) }
                    throw HoneyError(
                        .environment, "OUTPUT_FAILED",
                        "standard output cannot be written: \(String(cString: strerror(errno)))")
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Says something on standard error unless asked to be silent.
    func note(_ text: String) {
        if !isSilent { StandardStreams.complain(text + "\n") }
    }

    /// Reports an error in Hive's form: `FAILED: ParseException line 1:7 …`.
    func fail(_ error: any Error) {
        StandardStreams.complain(Console.message(for: error) + "\n")
    }

    static func message(for error: any Error) -> String {
        guard let error = error as? HoneyError else { return "FAILED: Execution Error \(error)" }
        var text = "FAILED: \(kindName(error.kind))"
        if let position = error.position { text += " line \(position)" }
        text += " \(error.message)"
        if let file = error.file { text += " (\(file))" }
        return text
    }

    private static func kindName(_ kind: HoneyError.Kind) -> String {
        switch kind {
        case .parse: "ParseException"
        case .semantic: "SemanticException"
        case .data, .environment: "Execution Error"
        case .cancelled: "Cancelled"
        case .internal: "Internal Error"
        }
    }
}

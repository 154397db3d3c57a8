import Foundation
import HoneyCore

/// Reads scripts: text that must be UTF-8.
enum ScriptFile {
    /// Reads a file, or standard input for `-`.
    static func text(of path: String) throws -> String {
        let data: Data
        if path == "-" {
            var all = Data()
            while case let piece = try StandardStreams.read(), !piece.isEmpty { all += piece }
            data = all
        } else {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw HoneyError(.environment, "FILE_NOT_FOUND", "no such file", file: FilePosition(path))
            }
            guard !isDirectory.boolValue else {
                throw HoneyError(
                    .environment, "NOT_A_FILE", "expected a file but found a directory", file: FilePosition(path))
            }
            guard let content = FileManager.default.contents(atPath: path) else {
                throw HoneyError(.environment, "PERMISSION_DENIED", "cannot be read", file: FilePosition(path))
            }
            data = content
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw HoneyError(
                .parse, "BAD_UTF8", "the text is not UTF-8", at: positionOfBadByte(in: data), file: FilePosition(path))
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }

    /// Refuses arguments that are not UTF-8, which Swift would otherwise repair silently.
    static func checkArguments() throws {
        for index in 1..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            if String(validatingCString: argument) == nil {
                throw HoneyError(.parse, "BAD_UTF8", "argument \(index) is not UTF-8")
            }
        }
    }

    private static func positionOfBadByte(in data: Data) -> SourcePosition {
        // The longest valid prefix ends where repairing first puts a replacement character that was not there.
        var low = 0
        for line in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            low += 1
            if String(validating: line, as: UTF8.self) != nil { continue }
            var column = 1
            for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
                if scalar == "\u{FFFD}" { break }
                column += 1
            }
            return SourcePosition(line: low, column: column)
        }
        return SourcePosition(line: 1, column: 1)
    }
}

import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var showing: [DfsCommand] {
        [
            DfsCommand(
                "cat", "[-ignoreCrc] <src> ...", "Writes what is in files to standard output."
            ) { try $0.cat() },
            DfsCommand(
                "text", "[-ignoreCrc] <src> ...",
                "Writes what is in files to standard output as text: compressed files (gzip, and others by their names' "
                    + "endings), SequenceFiles by their keys and values, Avro files as JSON, any other as it is."
            ) { try $0.cat(decoded: true) },
            DfsCommand("head", "<file>", "Writes the first kilobyte of a file to standard output.") { try $0.head() },
            DfsCommand(
                "tail", "[-f] [-s <sleep interval>] <file>",
                """
                Writes the last kilobyte of a file to standard output.

                  -f  Goes on with what is appended.
                  -s  With -f, the milliseconds between two looks; 5000 when not given.
                """
            ) { try $0.tail() },
            DfsCommand(
                "checksum", "[-v] <src> ...",
                "Shows the sums by which files are compared, where the file system has them; -v shows the sizes of blocks, too."
            ) { try $0.checksum() },
        ]
    }
}

extension DfsRun {
    fileprivate func cat(decoded: Bool = false) throws {
        _ = try options("ignoreCrc")
        try process { item in
            if item.isDirectory { throw DfsFailure.isDirectory(item.text) }
            let file = try item.fileSystem.open(item.location)
            if decoded, try shell.decode(file, write) { return }
            _ = try write(file, from: 0)
        }
    }

    fileprivate func head() throws {
        _ = try options("", 1, 1)
        try each(expand(arguments)) { item in
            if item.isDirectory { throw DfsFailure.isDirectory(item.text) }
            _ = try write(item.fileSystem.open(item.location), from: 0, limit: 1024)
        }
    }

    fileprivate func tail() throws {
        let options = try options("f", valued: ["s"], 1, 1)
        let milliseconds = options["s"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? 5000
        let items = try expand(arguments[0])
        guard items.count == 1 else { throw DfsFailure(arguments[0], "Too many matches") }
        try each(items) { item in
            if item.isDirectory { throw DfsFailure.isDirectory(item.text) }
            let file = try item.fileSystem.open(item.location)
            var end = try write(file, from: max(0, file.size - 1024))
            while options["f"] != nil {
                try shell.pause(milliseconds)
                // What is written meanwhile is seen by who opens anew.
                end = try write(item.fileSystem.open(item.location), from: end)
            }
        }
    }

    fileprivate func checksum() throws {
        let isVerbose = try options("v")["v"] != nil
        try process { item in
            guard let status = item.status, !status.isDirectory else { throw DfsFailure.isDirectory(item.text) }
            let sum = try (item.fileSystem as? any AdministeredFileSystem)?.checksum(item.location)
            var line = item.text + "\t" + (sum.map { "\($0.algorithm)\t\(Hexadecimal.text(of: $0.bytes))" } ?? "NONE")
            if isVerbose { line += "\tBlockSize=\(item.blockBytes)" }
            try print(line)
        }
    }

    /// Writes bytes of a file to the output; returns the offset after the last.
    private func write(_ file: any ReadableFile, from start: Int, limit: Int = .max) throws -> Int {
        var offset = start
        while offset - start < limit {
            let wanted = min(limit - (offset - start), 1 << 18)
            let bytes = try [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                count = try file.read(at: offset, count: wanted, into: buffer.baseAddress!)
            }
            if bytes.isEmpty { break }
            try write(bytes)
            offset += bytes.count
        }
        return offset
    }
}

extension DfsItem {
    /// Bytes a block of the file may hold; of the file system's blocks where the file says nothing.
    var blockBytes: Int {
        guard let status, !status.isDirectory else { return 0 }
        return status.blockBytes > 0 ? status.blockBytes : fileSystem.traits.blockBytes
    }
}

/// Bytes as pairs of the digits 0-9a-f.
enum Hexadecimal {
    static func text(of bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Reads them again; nil for an odd number of digits or anything else.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        let digits = text.map(\.hexDigitValue)
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0]! << 4 | digits[$0 + 1]!) }
    }
}

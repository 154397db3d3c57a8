import HoneyCore
import HoneyFiles

extension FileSystem {
    /// Copies a file, or a directory with all in it, to a path of `other` that does not exist.
    func copy(_ source: FileLocation, to target: FileLocation, on other: any FileSystem) throws {
        guard let status = try status(source) else {
            throw HoneyError(
                .environment, "FILE_NOT_FOUND", "cannot copy: no such file or directory",
                file: FilePosition(source.description))
        }
        if status.isDirectory {
            try other.makeDirectory(target)
            for entry in try list(source) {
                try copy(entry.location, to: target.appending(entry.location.name), on: other)
            }
        } else {
            try copyFile(source, to: target, on: other)
        }
    }

    private func copyFile(_ source: FileLocation, to target: FileLocation, on other: any FileSystem) throws {
        let input = try open(source)
        let output = try other.create(target, overwrite: false)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = try input.read(at: offset, count: buffer.count, into: buffer.baseAddress!)
            if count == 0 { break }
            try output.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        guard offset == input.size else {
            throw HoneyError(
                .environment, "IO_ERROR", "file became shorter while it was copied",
                file: FilePosition(source.description, offset: offset))
        }
        try output.close()
    }
}

import HoneyCore
import Synchronization

/// An open file in memory: the bytes it had when it was opened.
final class MemoryReadableFile: ReadableFile {
    let location: FileLocation
    private let owner: MemoryFileSystem
    private let bytes: [UInt8]

    init(_ owner: MemoryFileSystem, _ location: FileLocation, _ content: MemoryContent) {
        self.owner = owner
        self.location = location
        bytes = content.snapshot
    }

    var size: Int { bytes.count }

    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
        try owner.announce(.read, location)
        guard offset >= 0, offset < bytes.count, count > 0 else { return 0 }
        let taken = min(count, bytes.count - offset)
        bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + offset, byteCount: taken) }
        return taken
    }
}

/// A file in memory that is written at its end.
final class MemoryWritableFile: WritableFile {
    let location: FileLocation
    private let owner: MemoryFileSystem
    private let content: MemoryContent
    private var isOpen = true

    init(_ owner: MemoryFileSystem, _ location: FileLocation, _ content: MemoryContent) {
        self.owner = owner
        self.location = location
        self.content = content
    }

    var size: Int { content.count }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard isOpen else {
            throw HoneyError(
                .environment, "IO_ERROR", "cannot write: the file is closed", file: FilePosition(location.description))
        }
        do {
            try owner.announce(.write, location)
        } catch {
            content.append(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]))
            throw error
        }
        content.append(bytes)
    }

    func close() throws {
        guard isOpen else { return }
        try owner.announce(.close, location)
        isOpen = false
    }
}

import Foundation
import HoneyCore
import HoneyFiles
import NIOCore
import NIOHTTP1

/// A file read over HTTP: a request for each range, but one answer for reads that follow one another.
final class WebHDFSReadableFile: ReadableFile, @unchecked Sendable {
    let location: FileLocation
    let size: Int
    private let fileSystem: WebHDFSFileSystem
    // `lock` guards the rest.
    private let lock = NSLock()
    private var stream: Stream?
    /// Where the last read ended.
    private var lastEnd = 0

    /// An answer that is being read.
    private struct Stream {
        let exchange: HTTPExchange
        var offset: Int
        var left = ByteBuffer()
    }

    init(_ location: FileLocation, size: Int, _ fileSystem: WebHDFSFileSystem) {
        self.location = location
        self.size = size
        self.fileSystem = fileSystem
    }

    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
        guard offset >= 0, offset < size, count > 0 else { return 0 }
        let wanted = min(count, size - offset)
        // What follows the last read goes on with its answer; anything else is asked for by itself.
        let following: Stream?? = lock.withLock {
            guard offset == lastEnd else { return nil }
            defer { stream = nil }
            return .some(stream?.offset == offset ? stream : nil)
        }
        var taken: Stream
        var isBegun = false
        switch following {
        case .some(.some(let stream)): (taken, isBegun) = (stream, true)
        case .some(nil): taken = Stream(exchange: try begin(offset, nil), offset: offset)
        case nil: taken = Stream(exchange: try begin(offset, wanted), offset: offset)
        }
        do {
            try fill(target, wanted, from: &taken)
        } catch  where isBegun {
            // A server ends an answer that nobody has read on for a while.
            taken = Stream(exchange: try begin(offset, nil), offset: offset)
            try fill(target, wanted, from: &taken)
        }
        lock.withLock {
            lastEnd = offset + wanted
            stream = following != nil && taken.offset < size ? taken : nil
        }
        return wanted
    }

    private func begin(_ offset: Int, _ count: Int?) throws -> HTTPExchange {
        var parameters = [("offset", "\(offset)")]
        if let count { parameters.append(("length", "\(count)")) }
        let exchange = try fileSystem.begin(.GET, "OPEN", location, parameters)
        let head = try exchange.finish()
        guard head.status == .ok else { throw fileSystem.failure(head, try exchange.readAll(), location) }
        return exchange
    }

    private func fill(_ target: UnsafeMutableRawPointer, _ count: Int, from stream: inout Stream) throws {
        var done = 0
        while done < count {
            if stream.left.readableBytes == 0 {
                guard let piece = try stream.exchange.read() else {
                    throw WebHDFSFileSystem.failure("IO_ERROR", "file is shorter than it was", location)
                }
                stream.left = piece
            }
            let part = min(count - done, stream.left.readableBytes)
            stream.left.readWithUnsafeReadableBytes { bytes in
                target.advanced(by: done).copyMemory(from: bytes.baseAddress!, byteCount: part)
                return part
            }
            done += part
        }
        stream.offset += count
    }
}

/// A file written over HTTP, whose bytes are there once it is closed.
final class WebHDFSWritableFile: WritableFile {
    let location: FileLocation
    private(set) var size: Int
    private let exchange: HTTPExchange
    private let fileSystem: WebHDFSFileSystem
    private var isClosed = false
    private static let pieceBytes = 1 << 20

    init(_ location: FileLocation, size: Int, _ exchange: HTTPExchange, _ fileSystem: WebHDFSFileSystem) {
        self.location = location
        self.size = size
        self.exchange = exchange
        self.fileSystem = fileSystem
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard !isClosed else { throw WebHDFSFileSystem.failure("IO_ERROR", "cannot write: file is closed", location) }
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.pieceBytes, bytes.count)
            try exchange.write(ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
            start = end
        }
        size += bytes.count
    }

    func close() throws {
        guard !isClosed else { return }
        isClosed = true
        let head = try exchange.finish()
        let body = try exchange.readAll()
        guard head.status == .created || head.status == .ok else { throw fileSystem.failure(head, body, location) }
    }
}

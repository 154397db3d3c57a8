import Algorithms
import HoneyCore
package import HoneyFiles
import NIOCore
import Synchronization

/// An open file of HDFS: blocks on this host are read from their files where their DataNode allows it, others from DataNodes.
package final class HDFSReadableFile: ReadableFile {
    package let location: FileLocation
    package let size: Int
    private let client: BlockingClient
    /// What a NameNode told when the file was opened; nil as long as a listing's knowledge is enough.
    private let opened: Mutex<LocatedFile?>
    /// Its blocks in their order, when they are known from a listing.
    private let listed: [BlockPlace]
    /// nil when blocks are not to be read from their files.
    private let localBlocks: LocalBlocks?
    private let state = Mutex(State())

    private struct State {
        /// Streams that were left where reading may go on.
        var streams: [OpenStream] = []
        /// Where a read ended last.
        var lastEnd = -1
        /// What is known of the blocks that were read last.
        var places: [KnownPlace] = []
    }

    private struct KnownPlace {
        var range: Range<Int>
        var key: BlockPlace.Key
        var block: LocalBlock?
    }

    private static let streamLimit = 4
    /// Blocks that are remembered, each of which may hold two descriptors.
    private static let placeLimit = 32
    /// Bytes that a stream may be ahead of its reader.
    private static let readAheadBytes = 4 << 20
    /// Bytes that are skipped rather than that a stream is begun anew.
    private static let skippedBytes = 128 << 10

    init(_ location: FileLocation, _ file: LocatedFile, _ client: BlockingClient, _ localBlocks: LocalBlocks?) {
        self.location = location
        opened = Mutex(file)
        listed = []
        self.client = client
        self.localBlocks = localBlocks
        size = file.size
    }

    init(
        _ location: FileLocation, size: Int, _ listed: [BlockPlace], _ client: BlockingClient,
        _ localBlocks: LocalBlocks
    ) {
        self.location = location
        opened = Mutex(nil)
        self.listed = listed
        self.client = client
        self.localBlocks = localBlocks
        self.size = size
    }

    /// Opens the file at its NameNode, if it is not yet; fails when it is no longer the one that was listed, which may have grown.
    private func file() throws -> LocatedFile {
        if let file = opened.withLock({ $0 }) { return file }
        let file: LocatedFile = try client.wait { [path = location.path, size, listed] client, done in
            client.open(path) { result in
                done(
                    result.flatMap { $0.size >= size && $0.has(listed) ? .success($0) : .failure(LocatedFile.replaced) }
                )
            }
        }
        return opened.withLock { opened in
            opened = opened ?? file
            return opened!
        }
    }

    /// Finds the block that holds the byte at `offset`.
    private func find(_ offset: Int) throws -> BlockPlace {
        if !listed.isEmpty {
            return listed[min(listed.partitioningIndex { $0.range.upperBound > offset }, listed.count - 1)]
        }
        let file = try file()
        return try client.wait { client, done in client.place(in: file, at: offset, completion: done) }
    }

    deinit {
        for stream in state.withLock({ $0.streams }) { stream.cancel(client) }
    }

    package func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
        guard offset >= 0, offset < size, count > 0 else { return 0 }
        let wanted = min(count, size - offset)
        var done = 0
        do {
            while done < wanted {
                let rest = UnsafeMutableRawBufferPointer(start: target + done, count: wanted - done)
                done += try readSome(at: offset + done, into: rest)
            }
        } catch {
            throw HDFSFileSystem.located(error, at: location)
        }
        return done
    }

    /// Reads at least a byte, within one block when blocks may be on this host.
    private func readSome(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let localBlocks else { return try readRemotely(at: offset, into: target) }
        let place = try place(at: offset, localBlocks)
        let part = UnsafeMutableRawBufferPointer(
            rebasing: target[..<min(target.count, place.range.upperBound - offset)])
        guard let block = place.block else { return try readRemotely(at: offset, into: part) }
        if let count = block.read(at: offset - place.range.lowerBound, into: part) { return count }
        // Its DataNode looks at it for itself, and another replica may be good.
        localBlocks.forget(place.key)
        state.withLock { state in
            for index in state.places.indices where state.places[index].key == place.key {
                state.places[index].block = nil
            }
        }
        return try readRemotely(at: offset, into: part)
    }

    private func place(at offset: Int, _ localBlocks: LocalBlocks) throws -> KnownPlace {
        if let known = state.withLock({ $0.places.first { $0.range.contains(offset) } }) { return known }
        let found = try find(offset)
        var known = KnownPlace(range: found.range, key: found.key, block: nil)
        if found.node != nil {
            known.block = localBlocks.block(found.key)
            if known.block == nil, let paths = try client.wait({ $0.localPaths(of: found, completion: $1) }) {
                known.block = localBlocks.open(found.key, paths)
            }
        }
        return state.withLock { state in
            if let other = state.places.first(where: { $0.range.contains(offset) }) { return other }
            if state.places.count >= Self.placeLimit { state.places.removeFirst() }
            state.places.append(known)
            return known
        }
    }

    // MARK: Streams

    private func readRemotely(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let stream = try stream(at: offset, for: target.count)
        var done = 0
        while done < target.count, stream.position < stream.end {
            guard let bytes = try stream.take(upTo: target.count - done, client) else { break }
            bytes.withUnsafeReadableBytes {
                UnsafeMutableRawBufferPointer(rebasing: target[done...]).copyMemory(from: $0)
            }
            done += bytes.readableBytes
        }
        guard done > 0 else {
            throw HoneyError(.environment, "IO_ERROR", "stream ended early", file: FilePosition(location.description))
        }
        keep(stream, offset + done)
        return done
    }

    /// Takes a stream that is at `offset` or a little before it, or begins one: for a reader that goes on where it was to the end of
    /// the file, for others as far as is asked for.
    private func stream(at offset: Int, for count: Int) throws -> OpenStream {
        let (found, isSequential) = state.withLock { state -> (OpenStream?, Bool) in
            let index = state.streams.firstIndex {
                $0.position <= offset && offset - $0.position <= Self.skippedBytes && offset < $0.end
            }
            return (index.map { state.streams.remove(at: $0) }, state.lastEnd == offset)
        }
        if let found {
            while found.position < offset, try found.take(upTo: offset - found.position, client) != nil {}
            if found.position == offset { return found }
            found.cancel(client)
        }
        let end = isSequential || count >= Self.readAheadBytes ? size : offset + count
        return OpenStream(try file(), offset..<end, capacity: Self.readAheadBytes, client)
    }

    private func keep(_ stream: OpenStream, _ end: Int) {
        let dropped = state.withLock { state -> OpenStream? in
            state.lastEnd = end
            guard stream.position < stream.end else { return nil }
            state.streams.append(stream)
            return state.streams.count > Self.streamLimit ? state.streams.removeFirst() : nil
        }
        dropped?.cancel(client)
    }
}

/// A stream and what it has brought; used by one thread at a time.
private final class OpenStream: @unchecked Sendable {
    private(set) var position: Int
    let end: Int
    private let buffer: StreamBuffer
    /// Touched on the client's event loop only.
    private var stream: FileStream?

    init(_ file: LocatedFile, _ range: Range<Int>, capacity: Int, _ client: BlockingClient) {
        position = range.lowerBound
        end = range.upperBound
        buffer = StreamBuffer(capacity: capacity)
        client.perform { [self, buffer] client in stream = FileStream(file, range, client, to: buffer) }
    }

    func take(upTo count: Int, _ client: BlockingClient) throws -> ByteBuffer? {
        let (bytes, resumes) = try buffer.take(upTo: count)
        if resumes { client.perform { [self] _ in stream?.resume() } }
        position += bytes?.readableBytes ?? 0
        return bytes
    }

    func cancel(_ client: BlockingClient) { client.perform { [self] _ in stream?.cancel() } }
}

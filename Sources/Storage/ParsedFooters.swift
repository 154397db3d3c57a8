public import HoneyFiles
import Synchronization

/// What files tell of themselves, parsed once for all readers of a scan; what was used longest ago goes when it is too much.
public final class ParsedFooters: Sendable {
    private struct Key: Hashable {
        var file: FileLocation
        var fileBytes: Int
        var type: ObjectIdentifier
    }

    private struct Entry {
        var footer: any Sendable
        var bytes: Int
        var lastUse: Int
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var bytes = 0
        var uses = 0
    }

    private let state = Mutex(State())
    private let limitBytes: Int

    /// Holds footers of at most so many bytes together.
    public init(limitBytes: Int = 64 << 20) { self.limitBytes = limitBytes }

    /// Gives a file's footer as it was parsed before, or parses it; `bytes` tells about how much memory it takes.
    public func footer<Footer: Sendable>(
        of file: any ReadableFile, bytes: (Footer) -> Int, parse: () throws -> Footer
    ) throws -> Footer {
        let key = Key(file: file.location, fileBytes: file.size, type: ObjectIdentifier(Footer.self))
        let known = state.withLock { state in
            state.uses += 1
            state.entries[key]?.lastUse = state.uses
            return state.entries[key]?.footer as? Footer
        }
        if let known { return known }
        let parsed = try parse()
        let size = bytes(parsed)
        guard size <= limitBytes else { return parsed }
        state.withLock { state in
            if let other = state.entries.updateValue(
                Entry(footer: parsed, bytes: size, lastUse: state.uses), forKey: key)
            {
                state.bytes -= other.bytes
            }
            state.bytes += size
            while state.bytes > limitBytes, let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
                state.bytes -= oldest.value.bytes
            }
        }
        return parsed
    }
}

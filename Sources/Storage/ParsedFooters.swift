import HoneyCore
public import HoneyFiles
import Synchronization

/// What files tell of themselves, parsed once for all readers of a scan; what was used longest ago goes when it is too much.
public final class ParsedFooters: Sendable {
    private struct Key: Hashable {
        var file: FileLocation
        var fileBytes: Int
        var type: ObjectIdentifier
    }

    private let footers: Mutex<RecentlyUsed<Key, any Sendable>>

    /// Holds footers of at most so many bytes together.
    public init(limitBytes: Int = 64 << 20) { footers = Mutex(RecentlyUsed(limit: limitBytes)) }

    /// Gives a file's footer as it was parsed before, or parses it; `bytes` tells about how much memory it takes.
    public func footer<Footer: Sendable>(
        of file: any ReadableFile, bytes: (Footer) -> Int, parse: () throws -> Footer
    ) throws -> Footer {
        let key = Key(file: file.location, fileBytes: file.size, type: ObjectIdentifier(Footer.self))
        if let known = footers.withLock({ $0.value(for: key) }) as? Footer { return known }
        let parsed = try parse()
        let size = bytes(parsed)
        footers.withLock { $0.keep(parsed, for: key, cost: size) }
        return parsed
    }
}

import Foundation
import HoneyCore
import HoneyStorage

/// Gathers the values of one chunk for a split-block Bloom filter; see `BloomFilter` for its bytes.
final class BloomFilterBuilder {
    /// How large a filter a column gets.
    struct Size: Equatable {
        /// Bytes of its blocks, a power of two.
        var byteCount: Int
        /// The share of values that are not there, yet may seem to be.
        var falsePositives: Double
        /// Whether its values were not foretold, so that it is made smaller when they are few.
        var shrinks: Bool
    }

    private let size: Size
    private var words: [UInt32]
    private var isEmpty = true
    private let plain = ByteStore()

    init(_ size: Size) {
        self.size = size
        words = [UInt32](repeating: 0, count: size.byteCount / 4)
    }

    /// Adds values as a form holds them.
    func add(_ held: UnsafeRawPointer, count: Int, form: LeafForm) {
        guard count > 0 else { return }
        isEmpty = false
        if form.isStrings {
            let views = held.assumingMemoryBound(to: BytesView.self)
            for index in 0..<count { insert(XXHash64.hash(UnsafeRawBufferPointer(BytesView.bytes(at: views + index)))) }
            return
        }
        plain.removeAll()
        form.appendPlain(held, count: count, to: plain)
        for index in 0..<count {
            let value = UnsafeRawBufferPointer(start: plain.base + index * form.storedWidth, count: form.storedWidth)
            insert(XXHash64.hash(value))
        }
    }

    private func insert(_ hash: UInt64) {
        let blocks = UInt64(words.count / BloomFilter.wordsInBlock)
        let block = Int(((hash >> 32) * blocks) >> 32) * BloomFilter.wordsInBlock
        let key = UInt32(truncatingIfNeeded: hash)
        for word in 0..<BloomFilter.wordsInBlock {
            words[block + word] |= 1 << ((key &* BloomFilter.salts[word]) >> 27)
        }
    }

    /// Gives the filter with its header, and starts anew; nil when there were no values.
    func finish() -> [UInt8]? {
        guard !isEmpty else { return nil }
        var filter = words
        while size.shrinks, let half = BloomFilterBuilder.halved(filter, size.falsePositives) { filter = half }
        var header = CompactWriter()
        header.element { header in
            header.field(1, int32: filter.count * 4)
            // One algorithm, one hash, no compression.
            for id in 2...4 { header.field(id) { union in union.field(1) { _ in } } }
        }
        words = [UInt32](repeating: 0, count: words.count)
        isEmpty = true
        return header.bytes + filter.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
    }

    /// A filter of half the blocks that tells of the same values, each pair of neighbours made one; nil when it would be wrong
    /// too often.
    private static func halved(_ words: [UInt32], _ falsePositives: Double) -> [UInt32]? {
        let width = BloomFilter.wordsInBlock
        let blocks = words.count / width / 2
        guard blocks > 0 else { return nil }
        var half = [UInt32](repeating: 0, count: blocks * width)
        var wrong = 0.0
        for block in 0..<blocks {
            var share = 1.0
            for word in 0..<width {
                let joined = words[2 * block * width + word] | words[(2 * block + 1) * width + word]
                half[block * width + word] = joined
                share *= Double(joined.nonzeroBitCount) / 32
            }
            wrong += share
        }
        return wrong / Double(blocks) <= falsePositives ? half : nil
    }
}

extension BloomFilterBuilder.Size {
    private static let mostBytes = 128 << 20
    private static let leastBytes = 32

    /// Reads what the properties `parquet.bloom.filter.…`, perhaps with `#column`, ask for a leaf; nil for no filter. Fails with
    /// `INVALID_SETTING`.
    init?(ofColumn path: String, _ text: (String) -> String?) throws {
        func given(_ name: String) -> String? {
            text("parquet.bloom.filter.\(name)#\(path)") ?? text("parquet.bloom.filter.\(name)")
        }
        func number<T: LosslessStringConvertible>(_ name: String, _ isRight: (T) -> Bool) throws -> T? {
            guard let text = given(name) else { return nil }
            guard let number = T(text), isRight(number) else {
                throw HoneyError(
                    .semantic, "INVALID_SETTING",
                    "setting is out of range or no number: parquet.bloom.filter.\(name)=\(text)")
            }
            return number
        }
        guard given("enabled")?.lowercased() == "true" else { return nil }
        let most = try number("max.bytes") { (bytes: Int) in bytes > 0 } ?? 1 << 20
        falsePositives = try number("fpp") { (share: Double) in share > 0 && share < 1 } ?? 0.01
        let foretold = try number("expected.ndv") { (values: Int) in values > 0 }
        shrinks = foretold == nil
        var wanted = Double(most)
        if let foretold { wanted = -Double(foretold) / log(1 - pow(falsePositives, 0.125)) }
        let limit = min(max(most, Self.leastBytes), Self.mostBytes)
        byteCount = Self.leastBytes
        while byteCount * 2 <= limit, Double(byteCount) < wanted { byteCount *= 2 }
    }
}

/// A row mask of 64-bit words, row `i` at bit `i & 63` of word `i >> 6`; 1 means valid (not null).
///
/// Bits past `count` in the last word are undefined unless said otherwise.
public final class Bitmap: @unchecked Sendable {
    public let count: Int
    public let words: UnsafeMutablePointer<UInt64>

    @inlinable public static func wordCount(for count: Int) -> Int { (count + 63) >> 6 }

    /// Makes a mask with every bit set to `value`.
    public init(count: Int, repeating value: Bool) {
        self.count = count
        let wordCount = max(Bitmap.wordCount(for: count), 1)
        words = .allocate(capacity: wordCount)
        words.initialize(repeating: value ? ~0 : 0, count: wordCount)
    }

    deinit { words.deallocate() }

    @inlinable public subscript(index: Int) -> Bool {
        get { (words[index >> 6] >> UInt64(index & 63)) & 1 != 0 }
        set {
            let bit = UInt64(1) << UInt64(index & 63)
            if newValue { words[index >> 6] |= bit } else { words[index >> 6] &= ~bit }
        }
    }

    @inlinable public func clear(_ index: Int) { words[index >> 6] &= ~(UInt64(1) << UInt64(index & 63)) }

    /// Counts the set bits among the first `count`.
    public var setCount: Int {
        var total = 0
        let whole = count >> 6
        for index in 0..<whole { total += words[index].nonzeroBitCount }
        let rest = count & 63
        if rest != 0 { total += (words[whole] & ((1 << UInt64(rest)) - 1)).nonzeroBitCount }
        return total
    }

    public func copy() -> Bitmap {
        let other = Bitmap(count: count, repeating: false)
        other.words.update(from: words, count: Bitmap.wordCount(for: count))
        return other
    }

    /// ANDs two optional masks of `count` rows; nil means all valid.
    public static func intersection(_ a: Bitmap?, _ b: Bitmap?, count: Int) -> Bitmap? {
        guard let a else { return b }
        guard let b else { return a }
        let result = Bitmap(count: count, repeating: false)
        for index in 0..<wordCount(for: count) { result.words[index] = a.words[index] & b.words[index] }
        return result
    }
}

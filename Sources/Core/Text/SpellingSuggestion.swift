/// Finds the name somebody probably meant.
public enum SpellingSuggestion {
    /// Returns the name of `names` that takes the fewest edits to reach from `word`, without regard to case;
    /// nil when none is near. Among equally near names the first in order wins.
    public static func nearest(to word: String, in names: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().utf8.prefix(longest))
        let limit = max(1, wanted.count / 3)
        var best: (distance: Int, name: String)?
        for name in names {
            let candidate = Array(name.lowercased().utf8.prefix(longest))
            let bound = min(limit, best?.distance ?? limit)
            guard abs(candidate.count - wanted.count) <= bound else { continue }
            let distance = editDistance(wanted, candidate)
            guard distance <= bound, distance < wanted.count else { continue }
            if let found = best, (found.distance, found.name) <= (distance, name) { continue }
            best = (distance, name)
        }
        return best?.name
    }

    /// Returns ` (did you mean x?)` for the nearest name, or an empty string.
    public static func hint(for word: String, in names: some Sequence<String>) -> String {
        nearest(to: word, in: names).map { " (did you mean \($0)?)" } ?? ""
    }

    /// Names are compared up to this many bytes.
    private static let longest = 128

    /// Counts the insertions, deletions, replacements and swaps of neighbours between two words.
    static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in 0..<b.count {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}

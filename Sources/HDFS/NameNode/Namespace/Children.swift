import Algorithms

/// The children of a directory in the order of their names' bytes.
///
/// They lie in pieces of limited size, so that adding one to a directory of a million moves hundreds of references and not
/// a million.
struct Children {
    private var pieces: [[Inode]] = []
    private(set) var count = 0

    private static let largestPiece = 512

    var isEmpty: Bool { count == 0 }

    func find(_ name: FileName) -> Inode? {
        guard let piece = piece(for: name) else { return nil }
        let (index, isFound) = Self.place(of: name, in: pieces[piece])
        return isFound ? pieces[piece][index] : nil
    }

    /// Adds a child whose name must not be there.
    mutating func insert(_ child: Inode) {
        count += 1
        guard let piece = piece(for: child.name) else {
            pieces = [[child]]
            return
        }
        let (index, _) = Self.place(of: child.name, in: pieces[piece])
        pieces[piece].insert(child, at: index)
        let size = pieces[piece].count
        guard size > Self.largestPiece else { return }
        // Names that come in order leave full pieces behind them.
        let cut = index == size - 1 && piece == pieces.count - 1 ? size - 1 : size / 2
        pieces.insert(Array(pieces[piece][cut...]), at: piece + 1)
        pieces[piece] = Array(pieces[piece][..<cut])
    }

    mutating func remove(_ name: FileName) {
        guard let piece = piece(for: name) else { return }
        let (index, isFound) = Self.place(of: name, in: pieces[piece])
        guard isFound else { return }
        count -= 1
        pieces[piece].remove(at: index)
        if pieces[piece].isEmpty { pieces.remove(at: piece) }
    }

    /// Calls `body` for the children after a name, or all of them, until it returns false.
    func forEach(after name: FileName? = nil, _ body: (Inode) -> Bool) {
        var first = 0
        var index = 0
        if let name {
            guard let piece = piece(for: name) else { return }
            let (place, isFound) = Self.place(of: name, in: pieces[piece])
            first = piece
            index = isFound ? place + 1 : place
        }
        for piece in first..<max(pieces.count, first) {
            while index < pieces[piece].count {
                if !body(pieces[piece][index]) { return }
                index += 1
            }
            index = 0
        }
    }

    /// The first child after a name, or the first of all.
    func first(after name: FileName?) -> Inode? {
        var found: Inode?
        forEach(after: name) { child in
            found = child
            return false
        }
        return found
    }

    /// A place between children, for walking over them step by step.
    struct Cursor {
        fileprivate var piece = 0
        fileprivate var index = 0
    }

    /// The child behind a cursor, which moves on; nil at the end.
    func next(_ cursor: inout Cursor) -> Inode? {
        while cursor.piece < pieces.count {
            if cursor.index < pieces[cursor.piece].count {
                cursor.index += 1
                return pieces[cursor.piece][cursor.index - 1]
            }
            cursor.piece += 1
            cursor.index = 0
        }
        return nil
    }

    var all: [Inode] { pieces.flatMap { $0 } }

    /// How many come after a name.
    func count(after name: FileName) -> Int {
        guard let piece = piece(for: name) else { return 0 }
        let (place, isFound) = Self.place(of: name, in: pieces[piece])
        return pieces[(piece + 1)...].reduce(pieces[piece].count - place - (isFound ? 1 : 0)) { $0 + $1.count }
    }

    /// The last piece whose first name is not after `name`, or the first one.
    private func piece(for name: FileName) -> Int? {
        guard !pieces.isEmpty else { return nil }
        return max(pieces.partitioningIndex { name < $0[0].name } - 1, 0)
    }

    /// Where a name is in a piece, or would be.
    private static func place(of name: FileName, in piece: [Inode]) -> (index: Int, isFound: Bool) {
        let index = piece.partitioningIndex { $0.name.order(against: name) >= 0 }
        return (index, index < piece.count && piece[index].name == name)
    }
}

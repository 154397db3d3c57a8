import HoneyWorld

/// Makes up what a client does, on few names so that it meets itself.
struct OperationMaker {
    var random: SeededRandom
    let root: String

    private mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func path() -> String {
        var path = root
        for _ in 0..<draw(1...3) { path += "/" + ["a", "b", "c"][draw(0...2)] }
        return path
    }

    mutating func next() -> Operation {
        switch draw(0...19) {
        case 0...2: .makeDirectory(path())
        case 3...8: .touch(path(), overwrites: draw(0...1) == 0, makesParents: draw(0...3) > 0)
        case 9...10: .rename(path(), to: path())
        case 11...12: .replace(path(), to: path(), overwrites: draw(0...1) == 0)
        case 13...14: .delete(path(), isRecursive: draw(0...2) > 0)
        case 15: .setPermission(path(), [0o700, 0o755, 0o600, 0o777][draw(0...3)])
        case 16: .setReplication(path(), draw(1...3))
        case 17: .list(path())
        default: .look(path())
        }
    }
}

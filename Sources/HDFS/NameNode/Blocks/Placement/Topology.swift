/// Distances in a tree of racks.
enum Topology {
    /// Counts the steps between two hosts by their racks: 2 on one rack, 4 on two racks of one switch, and so on.
    static func distance(_ rack: String, _ other: String) -> Int {
        if rack == other { return 2 }
        let path = rack.split(separator: "/")
        let otherPath = other.split(separator: "/")
        let shared = zip(path, otherPath).prefix { $0 == $1 }.count
        return 2 + path.count - shared + otherPath.count - shared
    }
}

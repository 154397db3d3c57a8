/// Names of users and groups as small numbers, since a million inodes share a few of them.
struct NameTable {
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }

    subscript(number: Int) -> String { number < names.count ? names[number] : "" }
}

package topology

import (
	"fmt"
	"strings"
)

// Account is the name of the NATS account that Dateline's streams are in where the
// server knows users.
const Account = "DATELINE"

// User is somebody whom the server knows by the public half of an nkey.
type User struct {
	Role Role
	NKey string
}

// AccountsConf writes the part of a server's configuration that makes the account,
// with its users and what each may do. system is the public nkey of who looks after
// the server itself.
func AccountsConf(users []User, system string) string {
	var b strings.Builder
	b.WriteString("accounts {\n  " + Account + " {\n    jetstream: enabled\n    users: [\n")
	for _, u := range users {
		fmt.Fprintf(&b, "      # %s: %s\n      {\n        nkey: %s\n        permissions: {\n%s        }\n      }\n",
			u.Role.Name, u.Role.Purpose, u.NKey, u.Role.Permissions().Conf("          "))
	}
	fmt.Fprintf(&b, "    ]\n  }\n  SYS {\n    users: [{nkey: %s}]\n  }\n}\nsystem_account: SYS\n", system)
	return b.String()
}

// Conf writes the permissions as they stand in a server's configuration, each line
// after the indent.
func (p Permissions) Conf(indent string) string {
	var b strings.Builder
	rules := func(verb string, r Rules) {
		fmt.Fprintf(&b, "%s%s: {\n", indent, verb)
		for _, list := range []struct {
			name     string
			subjects []string
		}{{"allow", r.Allow}, {"deny", r.Deny}} {
			if len(list.subjects) == 0 {
				continue
			}
			fmt.Fprintf(&b, "%s  %s: [\n", indent, list.name)
			for _, s := range list.subjects {
				fmt.Fprintf(&b, "%s    %q\n", indent, s)
			}
			fmt.Fprintf(&b, "%s  ]\n", indent)
		}
		fmt.Fprintf(&b, "%s}\n", indent)
	}
	rules("publish", p.Publish)
	rules("subscribe", p.Subscribe)
	return b.String()
}

package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/dateline-news/dateline/pkg/service"
	"github.com/dateline-news/dateline/pkg/topology"
)

// outsiders are the roles that there may be several of, by name.
type outsiders struct {
	publishers, consumers, readers []string
}

func (o *outsiders) bind(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringSliceVar(&o.publishers, "publisher", nil, "name of somebody who submits feeds and articles; may be repeated")
	flags.StringSliceVar(&o.consumers, "consumer", nil, "name of a team that makes and uses a durable consumer of that name; may be repeated")
	flags.StringSliceVar(&o.readers, "reader", nil, "name of somebody who uses a durable consumer that an admin made; may be repeated")
}

// roles are those of Dateline itself and the outsiders.
func (o *outsiders) roles() ([]topology.Role, error) {
	roles := topology.Roles()
	for _, group := range []struct {
		names []string
		role  func(string) topology.Role
	}{{o.publishers, topology.Publisher}, {o.consumers, topology.Consumer}, {o.readers, topology.Reader}} {
		for _, name := range group.names {
			if name != topology.Token(name) || strings.ContainsAny(name, "=_") {
				return nil, service.Usagef("name %q: a role's name is lower-case letters, digits and hyphens", name)
			}
			if slices.ContainsFunc(roles, func(r topology.Role) bool { return r.Name == name }) || name == systemRole || name == "ca" || name == "server" {
				return nil, service.Usagef("name %q is taken by another role", name)
			}
			roles = append(roles, group.role(name))
		}
	}
	return roles, nil
}

func newPermissions() *cobra.Command {
	var (
		format string
		others outsiders
	)
	cmd := &cobra.Command{
		Use:   "permissions [ROLE…]",
		Short: "Print what each role may do on the NATS server, and no more",
		Long: `Permissions prints the subjects that each role needs to publish and subscribe to:
the services, the operator with this command, the admin who makes the streams, and
those outside that are named by flags. They follow from the streams of this version.

'dateline keys' writes them into a server's configuration, with a key for each.`,
		Example: `  dateline permissions
  dateline permissions --format json fetcher
  dateline permissions --publisher press --consumer newsroom`,
		RunE: func(cmd *cobra.Command, args []string) error {
			roles, err := others.roles()
			if err != nil {
				return err
			}
			if roles, err = chosen(roles, args); err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			switch format {
			case "conf":
				for _, r := range roles {
					fmt.Fprintf(out, "# %s: %s; inbox prefix %s\n%s = {\n%s}\n", r.Name, r.Purpose, topology.Inbox(r.Name),
						strings.ToUpper(strings.ReplaceAll(r.Name, "-", "_")), r.Permissions().Conf("  "))
				}
				return nil
			case "json":
				all := map[string]topology.Permissions{}
				for _, r := range roles {
					all[r.Name] = r.Permissions()
				}
				encoder := json.NewEncoder(out)
				encoder.SetEscapeHTML(false)
				encoder.SetIndent("", "  ")
				return encoder.Encode(all)
			default:
				return service.Usagef("unknown --format %q: conf or json", format)
			}
		},
	}
	cmd.Flags().StringVar(&format, "format", "conf", "conf, as in a NATS server's configuration, or json")
	others.bind(cmd)
	return cmd
}

// chosen are the named roles; all where none is named.
func chosen(roles []topology.Role, names []string) ([]topology.Role, error) {
	if len(names) == 0 {
		return roles, nil
	}
	picked := make([]topology.Role, len(names))
	for i, name := range names {
		at := slices.IndexFunc(roles, func(r topology.Role) bool { return r.Name == name })
		if at < 0 {
			known := make([]string, len(roles))
			for i, r := range roles {
				known[i] = r.Name
			}
			return nil, service.Usagef("there is no role %q: %s, or one named by --publisher, --consumer or --reader", name, strings.Join(known, ", "))
		}
		picked[i] = roles[at]
	}
	return picked, nil
}

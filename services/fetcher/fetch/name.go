package fetch

import "github.com/dateline-news/dateline/services/fetcher/internal/urlnorm"

// ArticleName gives the identity of the article at a URL: its id, its normalised
// address, and the host whose budget its page is fetched by.
func ArticleName(url string) (id, address, host string, err error) {
	address, err = urlnorm.Normalize(url)
	if err != nil {
		return "", "", "", err
	}
	return urlnorm.ID("a", address), address, urlnorm.Host(address), nil
}

// FeedName gives the id of the feed at a URL.
func FeedName(url string) (string, error) {
	address, err := urlnorm.Normalize(url)
	if err != nil {
		return "", err
	}
	return urlnorm.ID("f", address), nil
}
